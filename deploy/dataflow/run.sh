#!/usr/bin/env bash
# Starts a run from the Flex Template that build.sh made; does not wait for it.
#
#     deploy/dataflow/run.sh TEMPLATE INPUT OUTPUT [NAME=VALUE...]
#     deploy/dataflow/run.sh gs://BUCKET/beam-ocr.json 'gs://BUCKET/scans/**' gs://BUCKET/ocr dpi=300
#
# NAME=VALUE are further parameters, as in metadata.json. From the environment:
#
#     REGION        where it runs; needed
#     IMAGE         what build.sh printed last, for the workers; needed
#     TEMP          a folder in a bucket for temporary files; needed
#     MACHINE_TYPE  of the workers: n2-standard-4, or with a GPU g2-standard-8
#     MAX_WORKERS   how many there may be (10)
#     DISK_GB       of each worker (50)
#     GPU           for a GPU in each worker, of the cuda image: its type, such as nvidia-l4
#     GPU_DRIVER    the branch of NVIDIA's driver to install (580, the first that knows CUDA 13)
set -euo pipefail
template="$1" input="$2" output="$3"
shift 3

parameters=("inputs=$input" "output=$output" "sdk_container_image=$IMAGE"
    "disk_size_gb=${DISK_GB:-50}" "$@")
machine_type=n2-standard-4
if [ -n "${GPU:-}" ]; then
    machine_type=g2-standard-8
    driver="install-nvidia-driver:${GPU_DRIVER:-580}"
    parameters+=("device=cuda"
        "dataflow_service_options=worker_accelerator=type:$GPU;count:1;$driver")
fi

# `^~^` makes ~ what stands between parameters: in inputs it may be a comma.
joined="$(printf '~%s' "${parameters[@]}")"
gcloud dataflow flex-template run "beam-ocr-$(date -u +%Y%m%d-%H%M%S)" \
    --template-file-gcs-location="$template" --region="$REGION" \
    --temp-location="$TEMP" --staging-location="$TEMP" \
    --worker-machine-type="${MACHINE_TYPE:-$machine_type}" --max-workers="${MAX_WORKERS:-10}" \
    --parameters="^~^${joined#\~}"
