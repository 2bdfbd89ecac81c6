using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Trial.Cases;

/// <summary>An input playbook that nobody wrote, for who looks for one by its tags: it takes what investigations hand on, and does nothing.</summary>
internal static class MadeUpPlaybook
{
    private static readonly string[] Contains = ["ip", "host name", "user name", "domain", "url", "hash", "email"];

    public static PlaybookFile With(string name, IEnumerable<string> tags)
    {
        var metadata = new JsonObject
        {
            ["tags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]),
            ["coa"] = new JsonObject
            {
                ["playbook_type"] = "data",
                ["python_version"] = "3",
                ["input_spec"] = new JsonArray(new JsonObject { ["name"] = "values", ["description"] = "", ["contains"] = new JsonArray([.. Contains.Select(type => JsonValue.Create(type))]) }),
            },
        };
        var source = Encoding.UTF8.GetBytes("def on_start(container):\n    return\n\n\ndef on_finish(container, summary):\n    return\n");
        return new PlaybookFile("", name, source, JsonSerializer.SerializeToElement(metadata));
    }
}
