/* SPDX-License-Identifier: MIT */
#include "record/secretcommand.h"

#include "test/ck.h"

Suite *test_secretcommand(void);

/* The value behind the first '=' of the text, if the command goes on there. */
static const struct {
	const char *text, *want;
} vars[] = {
	{ "heroku config:set FOO=x1", "x1" },
	{ "config:add FOO=x1 -a app", "x1" },
	{ "config:set -a app FOO=x1 B=c", "x1" },
	{ "config:set FOO='a b'", "a b" },
	{ "config:set FOO=\"a 'b'\" c", "a 'b'" },
	{ "config:set FOO=\" a\"", " a" },
	{ "config:set FOO=a'b c'\"d\" e", "a'b c'\"d\"" },
	{ "config:set FOO=a\\ b c", "a\\ b" },
	{ "config:set 'FOO=a b' c", "a b" },
	{ "config:set FOO=a,b}c&&d", "a,b}c" },
	{ "command `config:set FOO=a` by b", "a" },
	{ "\"config:set FOO=a\",\"b\"", "a" },
	{ "\"config:set FOO=\\\"a b\\\"\",\"b\"", "a b" },
	{ "\"config:set FOO=\"\"a b\"\" c\"", "\"\"a b\"\"" },
	{ "config:set FOO=\"<secret:0123456789abcdef>\" b", "" },
	{ "config:set FOO='a b", "a b" },
	{ "config:set FOO=", "" },
	{ "config:set --remote=x", "" },
	{ "config:set A B; FOO=x1", "x1" },
	{ "`config:set A` FOO=x1", "" },
	{ "config:set A\nFOO=x1", "" },
	{ "\"config:set\", FOO=x1", "" },
	{ "config:unset FOO=x1", "" },
	{ "myconfig: set FOO=x1", "" },
	{ "config:setFOO=x1", "" },
};

START_TEST(var)
{
	sv text = sv_str(vars[_i].text);
	size_t at = sv_find_byte(text, '=');
	struct secretcommand c = { 0, NULL };

	secretcommand_open(text, sv_find_byte(text, ':'), &c);
	ck_sv(secretcommand_value(text, at, &c), sv_str(vars[_i].want));
}
END_TEST

/* What is found at "aws" or, in a command of the first or the last " -" of the
 * text, at the last. */
static const struct {
	const char *text, *want;
} words[] = {
	{ "docker login -u me -p x1 h", "x1" },
	{ "docker login -px1", "x1" },
	{ "sudo podman login -p 'x 1' h", "x 1" },
	{ "curl -sSu me:x1 h", "me:x1" },
	{ "/usr/bin/curl -ume:x1", "me:x1" },
	{ "mysqldump -u root -px1 db", "x1" },
	{ "redis-cli -h h -a x1", "x1" },
	{ "sshpass -p x1 ssh h", "x1" },
	{ "docker login registry.example -p x1", "x1" },
	{ "docker login --username me -p x1", "x1" },
	{ "mysql --host h --user me -px1", "x1" },
	{ "docker login h; mkdir -p x1", "" },
	{ "docker login a b c d e f g h i -p x1", "" },
	{ "docker login -p -u", "" },
	{ "`docker login -u me` mkdir -p x1", "" },
	{ "mysql -u root -p db", "" },
	{ "ssh -p 2222", "" },
	{ "curl -u me h", "" },
	{ "acurl -ume:x1", "" },
	{ "redis-cli -ax1", "" },
	{ "aws configure set aws_secret_access_key x1", "x1" },
	{ "aws configure set p.aws_session_token 'x 1' b", "x 1" },
	{ "aws configure set region x1", "" },
	{ "aws configure set aws_secret_access_key", "" },
	{ "aws s3 ls", "" },
};

START_TEST(word)
{
	sv text = sv_str(words[_i].text);
	size_t at = sv_rfind(text, SV(" -"));
	struct secretcommand c = { 0, NULL };

	secretcommand_open(text, sv_find(text, SV(" -")), &c);
	secretcommand_open(text, at, &c);
	ck_sv(sv_starts(text, SV("aws")) ? secretcommand_setting(text, 0) :
	    secretcommand_value(text, at, &c), sv_str(words[_i].want));
}
END_TEST

Suite *
test_secretcommand(void)
{
	Suite *s = suite_create("secretcommand");
	TCase *tc = tcase_create("commands");

	add_table(tc, var, vars);
	add_table(tc, word, words);
	suite_add_tcase(s, tc);
	return s;
}
