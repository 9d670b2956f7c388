# requires: djangorestframework==3.18.3 django==5.2.19
# Serializers, view sets, a router, renderers and parsers from settings as strings, the browsable page with its templates.
import json

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework", "rest_framework.authtoken"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
        "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
        "DEFAULT_THROTTLE_RATES": {"anon": "100/min"},
        "PAGE_SIZE": 2,
    },
    ROOT_URLCONF="app",
    SECRET_KEY="x",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from rest_framework import decorators, permissions, response, routers, serializers, viewsets
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient


class GroupSerializer(serializers.ModelSerializer):
    class Meta:
        model = Group
        fields = ["id", "name"]


class Groups(viewsets.ModelViewSet):
    queryset = Group.objects.order_by("id")
    serializer_class = GroupSerializer
    permission_classes = [permissions.IsAuthenticatedOrReadOnly]

    @decorators.action(detail=False)
    def count(self, request):
        return response.Response({"n": Group.objects.count()})


router = routers.DefaultRouter()
router.register("groups", Groups)
urlpatterns = router.urls


def handler(event, context):
    call_command("migrate", verbosity=0)
    token = Token.objects.create(user=User.objects.create_user("u"))
    client = APIClient()
    denied = client.post("/groups/", {"name": "a"}, format="json")
    client.credentials(HTTP_AUTHORIZATION="Token " + token.key)
    made = [client.post("/groups/", {"name": name}, format="json").json() for name in ("a", "b", "c")]
    wrong = client.post("/groups/", {"name": "a"}, format="multipart")
    page = client.get("/groups/", {"page": 2}, HTTP_ACCEPT="application/json")
    html = client.get("/groups/", HTTP_ACCEPT="text/html")
    return {
        "denied": [denied.status_code, denied.json()],
        "made": made,
        "wrong": [wrong.status_code, wrong.json()],
        "page": page.json()["results"],
        "html": [html.status_code, "Django REST framework" in html.content.decode()],
        "count": json.loads(client.get("/groups/count/?format=json").content),
        "options": client.options("/groups/").json()["name"],
        "root": client.get("/?format=json").json(),
        "put": client.patch("/groups/1/", {"name": "z"}, format="json").json(),
        "gone": client.delete("/groups/9/").status_code,
    }
