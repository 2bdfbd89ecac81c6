using System.Text.Json;
using Vedette.Model.Formats;
using static Vedette.Model.Tests.RunDataFake;

namespace Vedette.Model.Tests.Formats;

public sealed class FormatTests
{
    private const string Ip = "artifact:*.cef.sourceAddress";
    private const string Cc = "rep:action_result.data.*.cc";

    [Theory]
    [InlineData("IP: {0}", Ip, true, ", ", "IP: 10.0.0.1, 10.0.0.2")]
    [InlineData("IP: {0}", Ip, false, ", ", "IP: 10.0.0.1, 10.0.0.2, None")]
    [InlineData("{0}", Ip, true, " ", "10.0.0.1 10.0.0.2")]
    [InlineData("H\n%%\n- {0} / {1}\n%%", Ip + "|" + Cc, true, ", ", "H\n- 10.0.0.1 / US\n- 10.0.0.2 / DE")]
    [InlineData("H\n%%\n- {0} / {1}\n%%", Ip + "|" + Cc, false, ", ", "H\n- 10.0.0.1 / US\n- 10.0.0.2 / DE\n- None / None")]
    [InlineData("q IN (\n%%\n\"{0}\"\n%%\n)", Ip, true, ", ", "q IN (\n\"10.0.0.1\"\n\"10.0.0.2\"\n)")]
    [InlineData("{{\"k\": \"{0}\"}}", "container:id", false, ", ", "{\"k\": \"7\"}")]
    [InlineData("%%\n{0}:{1}\n%%", "container:id|" + Ip, true, ", ", "7:10.0.0.1\n7:10.0.0.2\n7:")]
    [InlineData("%%\n{0}-{1}\n%%", Ip + "|playbook_input:ip", false, ", ", "10.0.0.1-a\n10.0.0.2-b\nNone-")]
    [InlineData("%%\n{0}={1}\n%%", Ip + "|artifact:*.cef.fileHash", true, ", ", "10.0.0.1=h1\n10.0.0.2=")]
    [InlineData("%%\n{0}={1}\n%%", Ip + "|artifact:*.cef.fileHash", false, ", ", "10.0.0.1=h1\n10.0.0.2=None\nNone=None")]
    [InlineData("[{0}]", "", false, ", ", "[]")]
    [InlineData("{0}", "nobody:action_result.data.*.x", false, ", ", "")]
    [InlineData("a\n%%\n{0}\n%%\nb", "playbook_input:x", false, ", ", "a\n\nb")]
    [InlineData("[{0}]", "playbook_input:x", false, ", ", "[]")]
    [InlineData("{1} {0} {1} {5} {name} {", "one|two", false, ", ", "two one two {5} {name} {")]
    [InlineData("{} {}", "one|two", false, ", ", "one two")]
    [InlineData("100%% sure {0}", "x", false, ", ", "100%% sure x")]
    [InlineData("{0}", "asked:action_result.summary.responses", false, ", ", "Yes, why")]
    [InlineData("{0}", "C:playbook_output:observable", false, "\n", "{\"value\": \"v1\", \"reputation\": {\"score\": 7}}\n{\"value\": \"v2\"}")]
    [InlineData("%%\n* {0}\n%%", "code:custom_function:out", false, ", ", "* x\n* y")]
    [InlineData("%%\n* {0}\n%%", "fmt:formatted_data.*", false, ", ", "* a\n* b")]
    [InlineData("{0}", "twice:custom_function_result.success", false, ", ", "True, True")]
    [InlineData("{0}", "https://a:b", false, ", ", "https://a:b")]
    public void Render(string template, string parameters, bool dropNone, string separator, string text)
    {
        Assert.Equal(text, Rendered(template, parameters, dropNone, separator).Text);
    }

    [Theory]
    [InlineData("q IN (\n%%\n\"{0}\"\n%%\n)", "[\"\\\"10.0.0.1\\\"\",\"\\\"10.0.0.2\\\"\"]")]
    [InlineData("%%\nfirst {0}\n%%\n%%\nsecond {0}\n%%", "[\"first 10.0.0.1\",\"first 10.0.0.2\"]")]
    [InlineData("all {0}", "[\"all 10.0.0.1, 10.0.0.2\"]")]
    public void ListForm(string template, string list)
    {
        Assert.Equal(JsonSerializer.Deserialize<string[]>(list), Rendered(template, Ip, true, ", ").List);
    }

    [Theory]
    [InlineData("null", "None")]
    [InlineData("true", "True")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("12345678901234567890123", "12345678901234567890123")]
    [InlineData("1.0", "1.0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("1e5", "100000.0")]
    [InlineData("1e15", "1000000000000000.0")]
    [InlineData("1e16", "1e+16")]
    [InlineData("1.5e300", "1.5e+300")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("-123.456", "-123.456")]
    [InlineData("1e999", "inf")]
    [InlineData("[]", "[]")]
    [InlineData("{}", "{}")]
    [InlineData("{\"a\":[null,true,1.50],\"b\":\"it's\"}", "{'a': [None, True, 1.5], 'b': \"it's\"}")]
    [InlineData("[\"a\\n\\\\\\\"'\",\"\\u0001é\\u200b\\ud83d\\ude00\"]", "['a\\n\\\\\"\\'', '\\x01é\\u200b\ud83d\ude00']")]
    public void PythonPrints(string json, string text) => Assert.Equal(text, PythonText.Str(Strict(json)));

    private static Formatted Rendered(string template, string parameters, bool dropNone, string separator)
    {
        var list = parameters.Split('|').Select(parameter => JsonSerializer.SerializeToElement(parameter));
        return Format.Render(Example(), new(template, [.. list]) { DropNone = dropNone, Separator = separator });
    }
}
