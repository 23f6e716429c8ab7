"""An Airflow DAG (3.x) that reads what is new in the inbox every quarter of an hour.

Copy it to the `dags` folder of Airflow, and set the folders below. `beam-ocr` runs where the task
does: a virtual environment of its own keeps its packages apart from Airflow's.
"""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

BEAM_OCR = "/opt/beam-ocr/bin/beam-ocr"
INBOX = "/srv/inbox"
OUTPUT = "/srv/ocr"

with DAG(
    dag_id="beam_ocr",
    description=__doc__,
    schedule="*/15 * * * *",
    start_date=datetime(2025, 1, 1, tzinfo=UTC),
    catchup=False,  # one ingest reads all that is new, however many were missed
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    tags=["ocr"],
) as dag:
    # With 3, some documents failed, and their rows say why: the task succeeds. With 4, another
    # ingest holds the lock: it is skipped. 1 and 2 are failures and are tried again.
    ingest = BashOperator(
        task_id="ingest",
        bash_command=(
            f"{BEAM_OCR} ingest {INBOX} --output {OUTPUT} --log-json"
            f" --metrics {OUTPUT}/_metrics/last.json"
            " || { code=$?; [ $code -eq 3 ] || exit $code; }"
        ),
        skip_on_exit_code=4,
        do_xcom_push=False,
    )
