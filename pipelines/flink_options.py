"""Options of Flink's runner that only Beam's job server knows, which is written in Java.

The job server tells them when it is asked (`DescribePipelineOptions` of Beam's job API), and a test
asks one. Here are those of version 2.62 whose groups are Flink's and that of portable runners, but
for what Beam's Python knows too. Some matter to streaming only.
"""

from __future__ import annotations

# These have a value.
VALUES = frozenset(
    (
        "auto_watermark_interval",
        "checkpoint_timeout_millis",
        "checkpointing_interval",
        "checkpointing_mode",
        "default_environment_config",
        "default_environment_type",
        "environment_expiration_millis",
        "execution_mode_for_batch",
        "execution_retry_delay",
        "file_input_split_max_size_m_b",
        "flink_conf_dir",
        "job_check_interval_in_secs",
        "latency_tracking_interval",
        "max_bundle_size",
        "max_bundle_time_mills",
        "min_pause_between_checkpoints",
        "num_concurrent_checkpoints",
        "number_of_execution_retries",
        "report_checkpoint_duration",
        "savepoint_path",
        "shutdown_sources_after_idle_ms",
        "state_backend",
        "state_backend_factory",
        "state_backend_storage_path",
    )
)

# These have none: naming one turns its default around.
SWITCHES = frozenset(
    (
        "allow_non_restored_state",
        "attached_mode",
        "auto_balance_write_files_sharding_enabled",
        "disable_metrics",
        "enable_heap_dumps",
        "enable_stable_input_drain",
        "externalized_checkpoints_enabled",
        "fail_on_checkpointing_errors",
        "faster_copy",
        "finish_bundle_before_checkpointing",
        "force_unaligned_checkpoint_enabled",
        "load_balance_bundles",
        "object_reuse",
        "operator_chaining",
        "re_iterable_group_by_key_result",
        "retain_externalized_checkpoints_on_cancellation",
        "unaligned_checkpoint_enabled",
        "use_data_stream_for_batch",
    )
)

NAMES = VALUES | SWITCHES
