SELECT position, finished FROM job_tick WHERE job = :job AND tick = :tick
