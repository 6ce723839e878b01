"""What is known of well-known images by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.project import Service

DATA_STORES = frozenset(
    {
        *(
            "postgres",
            "postgis",
            "pgvector",
            "timescaledb",
            "mysql",
            "mariadb",
            "mongo",
            "redis",
            "valkey",
            "memcached",
        ),
        *("elasticsearch", "opensearch", "rabbitmq", "cassandra", "clickhouse", "neo4j", "influxdb", "couchdb", "etcd"),
    }
)


def image_name(service: Service) -> str:
    """Return the last part of an image's name, without registry, tag and digest: `postgres`."""
    return service.text("image").partition("@")[0].rpartition("/")[2].partition(":")[0]
