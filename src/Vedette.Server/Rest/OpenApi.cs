using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Server.Rest.Queries;
using Vedette.Server.Rest.Resources;

namespace Vedette.Server.Rest;

/// <summary>The API as an OpenAPI 3.1 document, made from the routes and record types that answer it.</summary>
internal static class OpenApi
{
    private const string About = """
        The REST API of Vedette: that of Splunk Phantom / Splunk SOAR, so that clients of theirs work unchanged.

        **Signing in.** Send a token as `ph-auth-token`, or username and password as Basic. In a browser: `GET /login` sets the cookie `csrftoken`;
        `POST /login` with `username`, `password` and `csrfmiddlewaretoken` as a form sets the cookie `sessionid`; requests that change something then
        carry `X-CSRFToken` and come from this server's own pages. `POST /logout` ends the session. No path answers without credentials.

        **Requests.** GET, POST and DELETE; POST on a record changes it. Bodies are read as JSON whatever their Content-Type. Fields that are not
        known are ignored. A slash at the end of a path does not matter. With `Idempotency-Key` a POST that is sent again is answered as the first time.

        **Answers.** JSON. A failure has `failed`, true, and a `message` that says what is wrong, where, and what to do; look at `failed` before the status.
        Times are ISO 8601 in UTC.

        **Lists.** `_filter_<field>=<literal>` and `_filter_<field>__<lookup>=<literal>`, any number of them, all have to hold; `_exclude_` in place of
        `_filter_` negates. Lookups: exact (may be left out), iexact, contains, icontains, startswith, istartswith, endswith, iendswith, in, gt, gte,
        lt, lte, range, isnull, regex, iregex; on times also year, month, day, week_day, hour, minute, second. A literal is written as in JSON or
        Python: `"text"`, `7`, `true`, `None`, `[1, 2]`. A field of another record is reached with `__`: `_filter_container__name`. So is a key inside JSON:
        `_filter_cef__sourceAddress="10.0.0.1"`. Only fields that the caller may read can be filtered or sorted by. Regular expressions run in linear time,
        without look-around and back-references.
        """;

    private static readonly (string Name, string Type, string Says)[] ListParameters =
    [
        ("page", "integer", "The page, from 0."),
        ("page_size", "integer", $"Records on a page, 10 if nothing is said. 0 is all of them, if they are at most {Records.Most}."),
        ("sort", "string", "The field to sort by; `custom_fields.key` for a key inside JSON. Newest first if nothing is said."),
        ("order", "string", "`asc` or `desc`."),
        ("include_expensive", "string", "Heavy fields too; no value is needed."),
        ("_exclude_fields", "string", "Fields to leave out, with commas."),
    ];

    public static JsonObject Document(RouteTable routes)
    {
        var schemas = new JsonObject();
        Add(schemas, Shapes.Failure);
        var paths = new JsonObject();
        foreach (var group in routes.All.GroupBy(route => route.Path))
        {
            var item = new JsonObject();
            foreach (var route in group)
            {
                item[route.Method.ToLowerInvariant()] = Operation(route, schemas);
            }

            paths[$"/rest/{group.Key}"] = item;
        }

        var parameters = new JsonObject { ["pretty"] = Parameter("pretty", "string", "Indented, and with the `_pretty_` fields for people; no value is needed.") };
        foreach (var (name, type, says) in ListParameters)
        {
            parameters[name] = Parameter(name, type, says);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "Vedette", ["version"] = PlatformResource.Version, ["summary"] = "Security orchestration, automation and response.", ["description"] = About },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }, new JsonObject { ["basic"] = new JsonArray() }, new JsonObject { ["session"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. routes.Names.Order(StringComparer.Ordinal).Select(name => (JsonNode)new JsonObject { ["name"] = name })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["parameters"] = parameters,
                ["responses"] = new JsonObject
                {
                    ["NoCredentials"] = Response("Nobody is signed in, or not as it has to be: the token is not known, has ended or comes from a wrong address.", Reference("schemas", "Failure")),
                    ["BadRequest"] = Response("The request cannot be understood, or a value in it is not possible; the message says which.", Reference("schemas", "Failure")),
                    ["NotAllowed"] = Response("The caller may not do this; the message names what is lacking.", Reference("schemas", "Failure")),
                    ["NotFound"] = Response("There is no such record; the message ends with `item not found`.", Reference("schemas", "Failure")),
                    ["Conflict"] = Response("Others changed the same at the same time, or the Idempotency-Key belongs to another request. Nothing was stored.", Reference("schemas", "Failure")),
                    ["Unavailable"] = Response("The platform cannot write, or too many sign in at once. Nothing was stored; try again later.", Reference("schemas", "Failure")),
                },
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "ph-auth-token", ["description"] = "The token of an automation user." },
                    ["basic"] = new JsonObject { ["type"] = "http", ["scheme"] = "basic", ["description"] = "Username and password of a person; or an empty username and a token." },
                    ["session"] = new JsonObject { ["type"] = "apiKey", ["in"] = "cookie", ["name"] = Credentials.SessionCookie, ["description"] = "The session of a browser. What changes something also needs `X-CSRFToken` and our own Origin." },
                },
            },
        };
    }

    private static JsonObject Operation(Route route, JsonObject schemas)
    {
        var needs = route.Needed == Permissions.None ? "" : $"Needs the permission {route.Needed}.";
        var operation = new JsonObject
        {
            ["tags"] = new JsonArray(route.Segments[0]),
            ["summary"] = route.Summary,
            ["description"] = string.Join(' ', new[] { route.Description, Fields(route.Lists), needs }.Where(part => part.Length > 0)),
            ["operationId"] = $"{route.Method.ToLowerInvariant()}_{string.Join('_', route.Segments.Select(segment => segment.Trim('{', '}').Replace('.', '_')))}",
        };
        if (Parameters(route) is { Count: > 0 } parameters)
        {
            operation["parameters"] = parameters;
        }

        if (route.Takes is { } takes)
        {
            Add(schemas, takes);
            var one = Reference("schemas", takes.Name);
            operation["requestBody"] = new JsonObject
            {
                ["required"] = takes.Fields.Any(field => field.Needed),
                ["content"] = Content(!route.TakesLists ? one : new JsonObject
                {
                    ["oneOf"] = new JsonArray(one, new JsonObject { ["type"] = "array", ["maxItems"] = Arrays.Most, ["items"] = one.DeepClone(), ["description"] = "Each is answered by itself, in order; one that fails undoes no other." }),
                }),
            };
        }

        operation["responses"] = Responses(route, schemas);
        return operation;
    }

    private static string Fields(RecordType? lists) =>
        lists is null ? "" : $"Fields to filter and sort by: {string.Join(", ", lists.Fields.Select(field => field.To is null ? field.Name : $"{field.Name} (a {field.To})"))}.";

    private static JsonArray Parameters(Route route)
    {
        var parameters = new JsonArray();
        foreach (var segment in route.Segments.Where(segment => segment[0] == '{'))
        {
            var name = segment.Trim('{', '}');
            parameters.Add(new JsonObject
            {
                ["name"] = name,
                ["in"] = "path",
                ["required"] = true,
                ["description"] = name switch
                {
                    "id" => "The number of the record.",
                    "name" => "Name or number.",
                    _ => "The name of the field.",
                },
                ["schema"] = new JsonObject { ["type"] = name == "id" ? "integer" : "string" },
            });
        }

        foreach (var (name, says) in route.Parameters)
        {
            parameters.Add(Parameter(name, "string", says));
        }

        if (route.Lists is not null)
        {
            foreach (var (name, _, _) in ListParameters)
            {
                parameters.Add(Reference("parameters", name));
            }

            parameters.Add(new JsonObject
            {
                ["name"] = "filters",
                ["in"] = "query",
                ["description"] = "Any number of `_filter_<field>[__<lookup>]` and `_exclude_<field>[__<lookup>]`, each with a literal as value.",
                ["style"] = "form",
                ["explode"] = true,
                ["schema"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } },
            });
        }

        if (route.Lists is not null || route.Shows is not null)
        {
            parameters.Add(Reference("parameters", "pretty"));
            if ((route.Lists ?? route.Shows) == RecordTypes.Artifact)
            {
                parameters.Add(Parameter("include_all_cef_types", "string", "`cef_types` with what the standard fields contain as well; no value is needed."));
            }
        }

        if (route.Method == "POST")
        {
            parameters.Add(new JsonObject
            {
                ["name"] = "Idempotency-Key",
                ["in"] = "header",
                ["description"] = "A word of the sender's own, at most 250 characters. The same request with the same key is answered the same again; another one with it is refused.",
                ["schema"] = new JsonObject { ["type"] = "string" },
            });
        }

        return parameters;
    }

    private static JsonObject Responses(Route route, JsonObject schemas)
    {
        var responses = new JsonObject { ["200"] = Answer(route, schemas) };
        void Say(int status, string common)
        {
            var particular = string.Join(' ', route.Errors.Where(error => error.Status == status).Select(error => error.When));
            responses[$"{status}"] = particular.Length == 0 ? Reference("responses", common) : Response(particular, Reference("schemas", "Failure"));
        }

        if (route.Takes is not null || route.Lists is not null || route.Errors.Any(error => error.Status == 400))
        {
            Say(400, "BadRequest");
        }

        Say(401, "NoCredentials");
        Say(403, "NotAllowed");
        if (route.Segments.Any(segment => segment[0] == '{') || route.Errors.Any(error => error.Status == 404))
        {
            Say(404, "NotFound");
        }

        if (route.Method != "GET")
        {
            Say(409, "Conflict");
            Say(503, "Unavailable");
        }

        foreach (var (status, when) in route.Errors.Where(error => error.Status is not (400 or 401 or 403 or 404 or 409 or 503)))
        {
            responses[$"{status}"] = Response(when, Reference("schemas", "Failure"));
        }

        return responses;
    }

    private static JsonObject Answer(Route route, JsonObject schemas)
    {
        if (route.ContentType != "application/json")
        {
            return new JsonObject { ["description"] = "The file.", ["content"] = new JsonObject { [route.ContentType] = new JsonObject() } };
        }

        if (route.Shows is { } shows)
        {
            Add(schemas, shows);
            return Response("The record.", Reference("schemas", shows.Name));
        }

        if (route.Lists is { } lists)
        {
            Add(schemas, lists);
            return Response("A page of records.", new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("count", "num_pages", "data"),
                ["properties"] = new JsonObject
                {
                    ["count"] = new JsonObject { ["type"] = "integer", ["description"] = "How many match, on all pages." },
                    ["num_pages"] = new JsonObject { ["type"] = "integer", ["description"] = "How many pages there are." },
                    ["data"] = new JsonObject { ["type"] = "array", ["items"] = Reference("schemas", lists.Name) },
                },
            });
        }

        Add(schemas, route.Answers);
        var one = Reference("schemas", route.Answers.Name);
        if (route.AnswersList)
        {
            return Response("A list.", new JsonObject { ["type"] = "array", ["items"] = one });
        }

        return Response(route.Answers.Says.Length > 0 ? route.Answers.Says : "It is done.", !route.TakesLists ? one : new JsonObject
        {
            ["oneOf"] = new JsonArray(one, new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["anyOf"] = new JsonArray(one.DeepClone(), Reference("schemas", "Failure")) } }),
        });
    }

    private static void Add(JsonObject schemas, RecordType type)
    {
        if (schemas.ContainsKey(type.Name))
        {
            return;
        }

        var properties = new JsonObject();
        foreach (var field in type.Fields)
        {
            properties[field.Name] = new JsonObject { ["description"] = FieldWords.Of(type, field) };
            if (!field.IsJson)
            {
                properties[field.Name]!["type"] = new JsonArray(Name(field.Type), "null");
                if (field.Type == typeof(DateTimeOffset))
                {
                    properties[field.Name]!["format"] = "date-time";
                }
            }
        }

        foreach (var further in type.Further)
        {
            properties[further.Name] = Property(further, nullable: true);
        }

        schemas[type.Name] = new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    private static void Add(JsonObject schemas, Shape shape)
    {
        if (schemas.ContainsKey(shape.Name))
        {
            return;
        }

        var schema = new JsonObject { ["type"] = "object" };
        if (shape.Says.Length > 0)
        {
            schema["description"] = shape.Says;
        }

        // In its place before the fields, so that one that holds itself would end.
        schemas[shape.Name] = schema;
        var properties = new JsonObject();
        foreach (var field in shape.Fields)
        {
            properties[field.Name] = Property(field, nullable: false);
            if (field.Of is { } of)
            {
                Add(schemas, of);
                properties[field.Name]!["items"] = Reference("schemas", of.Name);
            }

            foreach (var also in field.Also)
            {
                properties[also] = Property(field with { Says = $"The same as `{field.Name}`." }, nullable: false);
            }
        }

        if (properties.Count > 0)
        {
            schema["properties"] = properties;
        }

        if (shape.Fields.Where(field => field is { Needed: true, Also.Count: 0 }).Select(field => (JsonNode)field.Name).ToArray() is { Length: > 0 } needed)
        {
            schema["required"] = new JsonArray(needed);
        }
    }

    private static JsonObject Property(ShapeField field, bool nullable)
    {
        var property = new JsonObject { ["description"] = field.Says };
        var type = field.Kind switch
        {
            Kind.Text or Kind.Time => "string",
            Kind.Whole => "integer",
            Kind.Truth => "boolean",
            Kind.Words or Kind.List => "array",
            Kind.Object => "object",
            _ => null,
        };
        if (type is not null)
        {
            property["type"] = nullable ? new JsonArray(type, "null") : type;
        }

        if (field.Kind == Kind.Time)
        {
            property["format"] = "date-time";
        }
        else if (field.Kind == Kind.Words)
        {
            property["items"] = new JsonObject { ["type"] = "string" };
        }

        return property;
    }

    private static string Name(Type type) => type == typeof(bool) ? "boolean" : type == typeof(long) || type == typeof(int) ? "integer" : "string";

    private static JsonObject Parameter(string name, string type, string says) =>
        new() { ["name"] = name, ["in"] = "query", ["description"] = says, ["schema"] = new JsonObject { ["type"] = type } };

    private static JsonObject Response(string says, JsonObject schema) => new() { ["description"] = says, ["content"] = Content(schema) };

    private static JsonObject Content(JsonObject schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };
}
