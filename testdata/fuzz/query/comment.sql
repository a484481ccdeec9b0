-- id: X
/* title */ SELECT 1 ;; -- end