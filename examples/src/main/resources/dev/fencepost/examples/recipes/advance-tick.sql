UPDATE job_tick SET position = :position, finished = :finished WHERE job = :job AND tick = :tick
