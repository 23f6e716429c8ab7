#!/usr/bin/env bash
# Builds the image, sends it to Artifact Registry, and writes the Flex Template that names it.
#
#     deploy/dataflow/build.sh REPOSITORY TEMPLATE cpu|cuda
#     deploy/dataflow/build.sh europe-west4-docker.pkg.dev/PROJECT/ocr gs://BUCKET/beam-ocr.json cuda
#
# Needs Docker with BuildKit, and gcloud that is logged in. The image runs as root: Dataflow gives
# its workers folders that belong to root. Whatever stands in $DOCKER is called in Docker's place.
set -euo pipefail
repository="$1" template="$2" variant="$3"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
version="$(sed -n 's/^ *version="\(.*\)",$/\1/p' "$root/setup.py")"
image="$repository/beam-ocr:$version-$variant"
docker="${DOCKER:-docker}"

"$docker" build --file "$root/deploy/Dockerfile" --platform linux/amd64 \
    --build-arg "VARIANT=$variant" --build-arg RUN_AS=0 --tag "$image" "$root"
"$docker" push "$image"

# The digest, so that a template does not change with its tag.
digest="$("$docker" inspect --format '{{index .RepoDigests 0}}' "$image")"
gcloud dataflow flex-template build "$template" --image="$digest" --sdk-language=PYTHON \
    --metadata-file="$root/deploy/dataflow/metadata.json"
echo "$digest"
