SELECT digest FROM trainer_bridge.model_versions WHERE false;
SELECT job_id FROM trainer_bridge.training_jobs WHERE false;
