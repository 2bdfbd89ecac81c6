using System.Text;
using System.Text.Json;
using Microsoft.OpenApi;
using Vedette.Engine.Storage;
using Vedette.Server.Rest;

namespace Vedette.Server.Tests.Rest;

/// <summary>The document that describes the API: valid, whole, and true of what is answered.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task DocumentIsValid_NamesEveryRoute_AndSaysSomethingOfEach()
    {
        await using var site = await Site.Open();
        var text = (await site.Client.Ask("GET", "/rest/openapi.json")).Text;

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var (document, diagnostic) = await OpenApiDocument.LoadAsync(stream, "json", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(diagnostic!.Errors.Select(error => $"{error.Pointer}: {error.Message}"));
        Assert.Empty(diagnostic.Warnings.Select(warning => $"{warning.Pointer}: {warning.Message}"));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        var operations = document!.Paths.SelectMany(path => path.Value.Operations!.Select(operation => $"{operation.Key.Method} {path.Key}"));
        Assert.Equal(site.Server.Routes.All.Select(route => $"{route.Method} /rest/{route.Path}").Order(), operations.Order());
        Assert.All(document.Paths.SelectMany(path => path.Value.Operations!.Values), operation =>
        {
            Assert.False(string.IsNullOrWhiteSpace(operation.Summary));
            Assert.All(operation.Responses!.Values, response => Assert.False(string.IsNullOrWhiteSpace(response.Description)));
            Assert.All(operation.Parameters ?? [], parameter => Assert.False(string.IsNullOrWhiteSpace(parameter.Description)));
            Assert.Contains("401", operation.Responses.Keys);
            Assert.Contains("403", operation.Responses.Keys);
        });
        Assert.All(document.Components!.Schemas!.SelectMany(schema => schema.Value.Properties ?? new Dictionary<string, IOpenApiSchema>()), property =>
            Assert.False(property.Value is not OpenApiSchemaReference && string.IsNullOrWhiteSpace(property.Value.Description), property.Key));
    }

    [Fact]
    public async Task RecordsHaveTheFieldsThatTheDocumentNames_AndNoOthers()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var container = await site.SendAlert();
        await site.RunEnded(container);
        await site.Client.Post("/rest/container_comment", $$"""{"container_id":{{container}},"comment":"seen"}""");
        await site.Client.Post("/rest/container_pin", $$"""{"container_id":{{container}},"message":"m","data":"d"}""");
        var workbook = await site.NewWorkbook();
        await site.Client.Post($"/rest/container/{container}", $$"""{"template_id":{{workbook}}}""");
        var file = await site.Client.Made("/rest/container_attachment", $$"""{"container_id":{{container}},"file_name":"f","file_content":"YQ=="}""");
        await site.Client.Post("/rest/evidence", $$"""{"container_id":{{container}},"object_id":{{file}},"content_type":"containerattachment"}""");
        await admin.Post("/rest/ph_user", $$"""{"username":"deputy","type":"normal","password":"{{site.Password}}","roles":["Analyst"]}""");
        await admin.Post("/rest/delegation", $$"""{"to":"deputy","until":"{{DateTimeOffset.UtcNow.AddDays(1):O}}"}""");
        await site.Until<IndicatorRow>(Where.Is(nameof(IndicatorRow.TenantId), 0L), _ => true);
        await site.Client.Post("/rest/decided_list", """{"name":"fields","content":[["a"]]}""");
        await site.RunToEnd("asks", "import phantom.rules as phantom\n\ndef on_start(container):\n    phantom.task(user='admin', message='m', name='t')\n    raise ValueError('enough')\n");
        var schemas = (await site.Client.Read("/rest/openapi.json")).GetProperty("components").GetProperty("schemas");

        foreach (var route in site.Server.Routes.All.Where(route => route.Lists is not null && !route.Path.Contains('{', StringComparison.Ordinal)))
        {
            var list = await admin.Read($"/rest/{route.Path}?include_expensive&page_size=3&pretty&include_all_cef_types&_special_contains&_special_fields&_special_labels");
            Assert.True(list.GetProperty("count").GetInt64() > 0, $"{route.Path} has no record to look at.");
            var named = schemas.GetProperty(route.Lists!.Name).GetProperty("properties").EnumerateObject().Select(property => property.Name).ToHashSet();
            foreach (var record in list.GetProperty("data").EnumerateArray())
            {
                Assert.Equal(named.Order(), record.EnumerateObject().Select(property => property.Name).Where(name => !name.StartsWith("_pretty", StringComparison.Ordinal)).Order());
            }
        }
    }

    [Fact]
    public async Task EveryPathAnswersInJson_AlsoOneThatIsNotThere()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();

        Assert.Equal("There is no /rest/nonsense.", (await admin.Ask("GET", "/rest/nonsense")).Refused(System.Net.HttpStatusCode.NotFound));
        Assert.Equal("container item not found", (await admin.Ask("GET", "/rest/container/no-number")).Refused(System.Net.HttpStatusCode.NotFound));
        Assert.EndsWith("item not found", (await admin.Ask("GET", "/rest/container/99999")).Refused(System.Net.HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Contains("GET", (await admin.Ask("DELETE", "/rest/version")).Refused(System.Net.HttpStatusCode.MethodNotAllowed), StringComparison.Ordinal);
        Assert.Contains("not possible", (await admin.Ask("PUT", "/rest/container/1", "{}")).Refused(System.Net.HttpStatusCode.MethodNotAllowed), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, (await admin.Read("/rest//version/")).ValueKind);
    }
}
