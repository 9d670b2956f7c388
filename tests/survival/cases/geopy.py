# requires: geopy==2.5.0
# Distances, points, geocoders by name with an adapter of our own, errors.
import geopy
from geopy.adapters import BaseSyncAdapter
from geopy.distance import distance, great_circle
from geopy.exc import GeocoderQuotaExceeded, GeocoderNotFound
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import get_geocoder_for_service


class Local(BaseSyncAdapter):
    def get_json(self, url, *, timeout, headers):
        if "fail" in url:
            raise GeocoderQuotaExceeded("too much")
        return [{"lat": "52.5", "lon": "13.4", "display_name": "Berlin"}]

    def get_text(self, url, *, timeout, headers):
        return ""


def handler(event, context):
    berlin, paris = geopy.Point("52.52 N 13.405 E"), (48.8566, 2.3522)
    geocoder = get_geocoder_for_service("nominatim")(user_agent="slim", adapter_factory=Local)
    place = RateLimiter(geocoder.geocode, min_delay_seconds=0)("Berlin")
    errors = []
    for attempt in (
        lambda: get_geocoder_for_service("no_such"),
        lambda: geocoder.geocode("fail"),
        lambda: geopy.Point("x"),
    ):
        try:
            attempt()
        except (GeocoderNotFound, GeocoderQuotaExceeded, ValueError) as error:
            errors.append(type(error).__name__)
    return {
        "km": round(distance(berlin, paris).km, 3),
        "circle": round(great_circle(berlin, paris).miles, 3),
        "there": distance(kilometers=10).destination(berlin, bearing=90).format_decimal()[:12],
        "text": berlin.format(),
        "place": [place.address, place.latitude],
        "services": [get_geocoder_for_service(name).__name__ for name in ("photon", "bing", "here", "arcgis")],
        "errors": errors,
    }
