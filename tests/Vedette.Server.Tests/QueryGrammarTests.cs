using Vedette.Engine.Access;
using Vedette.Server.Rest;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Tests;

/// <summary>Request lines of public clients, and the literals they write.</summary>
public sealed class QueryGrammarTests
{
    [Theory]
    [InlineData("container?_filter_name=\"Suspicious login\"&page_size=1")]
    [InlineData("container?_filter_source_data_identifier=\"K-12\"&_filter_asset=4")]
    [InlineData("container?_filter_name__startswith=\"H1 991\"")]
    [InlineData("container?page_size=0&_filter_id__in=['12', '13']&_filter_in_case=\"false\"&_filter_severity__in=['high']&_filter_label__in=['events']")]
    [InlineData("container?_filter_label=\"wireless\"&_filter_container_type=\"case\"&sort=start_time&order=desc&page_size=1")]
    [InlineData("artifact?_filter_cef__sourceAddress='10.20.14.57'&pretty&_filter_container__in=[7, 9]&page_size=10&page=0")]
    [InlineData("artifact?_filter_create_time__gt=\"2025-01-01T00:00:00.000000Z\"&_filter_cef__requestURL=\"http://x.example/\"")]
    [InlineData("artifact?_filter__create_time__gt=\"2024-1-2 13:05\"")]
    [InlineData("container_status?_filter_name__in=['new', 'open']")]
    [InlineData("ph_user?_filter_type__in=[\"normal\", \"automation\"]")]
    [InlineData("action_run?_filter_owner__username='admin'&pretty=true&page_size=1&sort=create_time&order=desc")]
    [InlineData("asset?_filter_name=\"rest_src\"&_filter_disabled=\"False\"")]
    [InlineData("playbook?_filter_tags__contains=[\"triage\"]&page_size=0&pretty=True")]
    public void LineOfAPublicClient_IsUnderstood(string line)
    {
        var question = line.IndexOf('?', StringComparison.Ordinal);
        var type = RecordTypes.Find(line[..question])!;
        var filters = new Filters(RecordTypes.Find, Caller.Platform, PickWords.None);
        var read = RestCall.Pairs(line[question..].Replace("+", "%2B", StringComparison.Ordinal))
            .Where(pair => pair.Key.StartsWith("_filter_", StringComparison.Ordinal))
            .Select(pair => filters.Read(type, pair.Key["_filter_".Length..], pair.Value))
            .ToList();
        Assert.NotEmpty(read);
    }

    [Theory]
    [InlineData("\"new\"", "new")]
    [InlineData("'new'", "new")]
    [InlineData("'\"10.1.1.1\"'", "\"10.1.1.1\"")]
    [InlineData("7", 7L)]
    [InlineData("-1", -1L)]
    [InlineData("7.5", 7.5)]
    [InlineData("True", true)]
    [InlineData("false", false)]
    [InlineData("None", null)]
    [InlineData("abc", "abc")]
    [InlineData("'parameter.*\\\"ip\\\": \\\"1\\\"'", "parameter.*\"ip\": \"1\"")]
    public void Literal_IsRead(string written, object? meant) => Assert.Equal(meant, Literals.Read(written));

    [Theory]
    [InlineData("[1, 2]", 2)]
    [InlineData("['a', 'b']", 2)]
    [InlineData("(\"a\",)", 1)]
    [InlineData("1,2,3", 3)]
    public void List_IsRead(string written, int items) => Assert.Equal(items, Literals.ReadList(written).Count);

    [Theory]
    [InlineData("asset", "configuration__password")]
    [InlineData("asset", "secrets")]
    [InlineData("ph_user", "password_hash")]
    [InlineData("container", "owner__password_hash__startswith")]
    [InlineData("container", "nonsense")]
    public void FieldThatMayNotBeRead_CannotBeAskedAbout(string type, string name) =>
        Assert.Throws<BadQueryException>(() => new Filters(RecordTypes.Find, Caller.Platform, PickWords.None).Read(RecordTypes.Find(type)!, name, "'x'"));

    [Fact]
    public void CallerWithoutUsers_CannotTraverseToThem() =>
        Assert.Throws<BadQueryException>(() => new Filters(RecordTypes.Find, Caller.Platform with { May = Permissions.ViewEvents }, PickWords.None).Read(RecordTypes.Container, "owner__username", "'admin'"));
}
