#!/usr/bin/env bats
# Handlers: what names them, what is refused, and what a template beside the package can and cannot spoil.
# shellcheck disable=SC2154 # $stderr is set by run
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p .git app/src/api
	echo 'def handler(event, context): return event' | tee app/app.py >app/src/api/orders.py
	zip_dir app app.zip
}

@test "handlers that the package has, in all ways to name them" {
	"$SLIM" app.zip --handler app.handler --handler=src/api/orders.handler
	"$SLIM" app --handler src.api.orders.handler
	SLIM_HANDLER=$'app.handler\nsrc.api.orders.handler' "$SLIM" app
	"$SLIM" - --handler app.handler <app.zip
	echo 'handler: [app.handler, src/api/orders.handler]' >slim.yaml
	"$SLIM" app
}

@test "handlers that it has not: who named them, and the nearest" {
	refused "--handler: 'ap.handler' names the module ap, which is not in app.zip; did you mean 'app'?" \
		app.zip --handler ap.handler
	refused "--handler: 'orders.handler' names the module orders, which is not in app; did you mean 'src.api.orders'?" \
		app/ --handler orders.handler
	refused "--handler: 'app' will not do; write MODULE.FUNCTION, as in app.handler" app --handler app
	refused "--handler: 'app.py' is a file; name a function of it, as in app.handler" app --handler app.py
	refused "which is not in the package; did you mean 'app'?" - --handler ap.handler <app.zip
	SLIM_HANDLER=nowhere.f refused "SLIM_HANDLER: 'nowhere.f' names the module nowhere, which is not in app" app
	printf 'handler:\n  - app.handler\n  - none.handler\n' >slim.yaml
	refused "slim.yaml:3:5: 'none.handler' names the module none, which is not in app" app
}

@test "nothing is written where a handler is missing" {
	run -2 "$SLIM" app.zip --handler ap.handler -o out.zip
	[ ! -e out.zip ]
}

@test "a template that cannot be read is a note, never an error" {
	echo '[' >template.yaml
	run -0 "$SLIM" app.zip --json
	echo "$output" >report.json
	holds report.json 'any(n["code"] == "SLIM312" and n["path"] == "template.yaml" for n in r["notes"])'
	run -0 "$SLIM" app.zip --handler app.handler --json
	[[ $output != *SLIM312* ]]
}

@test "a template's handler that the package has not is a problem, with its line" {
	printf '%s\n' 'Resources:' '  F:' '    Type: AWS::Serverless::Function' '    Properties:' '      CodeUri: app.zip' \
		'      Handler: gone.handler' '      Role: !GetAtt Role.Arn' >template.yaml
	run -0 "$SLIM" app.zip
	[[ $output == *"line 6: the handler gone.handler names a module"* ]]
	run -1 "$SLIM" app.zip --strict
	sed -i s/gone/app/ template.yaml
	run -0 "$SLIM" app.zip --strict
	[[ $output != *"gone.handler"* ]]
}
