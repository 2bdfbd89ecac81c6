using Vedette.Connectors.ServiceNow;
using Vedette.Lab;
using Vedette.Sdk;

namespace Vedette.Connectors.Tests;

/// <summary>The ServiceNow connector against the lab's Table API: messages, summaries and data as playbooks know them.</summary>
public sealed class ServiceNowTests
{
    [Fact]
    public async Task Ticket_IsCreatedChangedAndRead_ByNumberAndBySysId()
    {
        await using var lab = await AtTheLab.Start();
        var created = await Run(lab, "create ticket", new { short_description = "Beacon on WKS-0417", description = "line\\nnext", fields = """{"urgency":"1","impact":"1"}""" });
        Assert.Equal($"Created ticket id: {AtTheLab.Effect}", created.Message);
        Assert.Equal(AtTheLab.Effect, (string?)created.Summary["created_ticket_id"]);
        Assert.Equal("1", (string?)created.Data[0]!["priority"]);
        Assert.Equal("line\nnext\n\nAdded by Vedette for event 7.", (string?)created.Data[0]!["description"]);
        var number = (string?)created.Data[0]!["number"];

        var updated = await Run(lab, "update ticket", new { id = number, fields = """{"work_notes":"seen","state":"2"}""" });
        Assert.Equal("Fields updated: True", updated.Message);
        Assert.Equal("2", (string?)updated.Data[0]!["state"]);

        foreach (var parameters in new object[] { new { id = number }, new { id = AtTheLab.Effect, is_sys_id = true } })
        {
            var read = await Run(lab, "get ticket", parameters);
            Assert.Equal($"Queried ticket id: {AtTheLab.Effect}", read.Message);
            Assert.StartsWith("seen", (string?)Assert.Single(read.Data[0]!["worknotes_section"]!.AsArray()), StringComparison.Ordinal);
            Assert.Empty(read.Data[0]!["comments_section"]!.AsArray());
            Assert.Empty(read.Data[0]!["attachment_details"]!.AsArray());
        }
    }

    [Theory]
    [InlineData("get ticket", """{"id":"INC9999999"}""", "Please provide a valid Ticket Number in the 'id' parameter or check the 'is_sys_id' parameter and provide a valid 'sys_id' in the 'id' parameter")]
    [InlineData("get ticket", """{"id":"00000000000000000000000000000000","is_sys_id":true}""", "Please provide a valid Ticket Number in the 'id' parameter or check the 'is_sys_id' parameter and provide a valid 'sys_id' in the 'id' parameter")]
    [InlineData("get ticket", """{"id":"INC1","table":"no_such_table"}""", "API failed, Status code: 400, Message: Invalid table no_such_table, Detail: Not supplied")]
    [InlineData("update ticket", """{"id":"INC1"}""", "Please specify at-least one of fields or vault_id parameter")]
    [InlineData("create ticket", "{}", "Please specify at least one of the parameters short_description, description, or fields to create the ticket with")]
    [InlineData("create ticket", """{"fields":"[1]"}""", "Unable to parse the fields parameter into a dictionary")]
    public async Task Refusal_IsSaidInTheWordsOfTheOriginal(string action, string parameters, string message)
    {
        await using var lab = await AtTheLab.Start();
        var answer = await Run(lab, action, System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(parameters));
        Assert.False(answer.Success);
        Assert.Equal(message, answer.Message);
    }

    [Fact]
    public async Task FieldsThatAreNoJson_AreSaidToBe()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await Run(lab, "create ticket", new { fields = "{'a':" });
        Assert.StartsWith("Error building fields dictionary: ", answer.Message, StringComparison.Ordinal);
        Assert.EndsWith("Please ensure that provided input is in valid JSON format", answer.Message, StringComparison.Ordinal);
        Assert.Equal(0, await lab.Calls("servicenow"));
    }

    private static Task<ActionAnswer> Run(AtTheLab lab, string action, object parameters) => lab.Run(
        new ServiceNowConnector(),
        action,
        parameters,
        new() { ["url"] = lab.Lab.ServiceNowUrl, ["username"] = LabCredentials.ServiceNowUser, ["password"] = LabCredentials.ServiceNowPassword });
}
