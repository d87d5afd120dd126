INSERT INTO job_tick (job, tick, position, finished) VALUES (:job, :tick, 0, false) ON CONFLICT (job, tick) DO NOTHING
