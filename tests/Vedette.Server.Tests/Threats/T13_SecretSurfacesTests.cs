using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Lab;
using Vedette.Lab.Alerts;
using Vedette.Storage;
using Path = System.IO.Path;

namespace Vedette.Server.Tests.Threats;

/// <summary>Canaries go through a world that repeats every request; then every file, row, line of the log and answer is searched for them.</summary>
public sealed class T13_SecretSurfacesTests
{
    private const string Password = "canary \"admin\"/pass+word&<ü>1";

    [Theory(Timeout = 120_000)]
    [InlineData("echo")]
    [InlineData("echo-data")]
    public async Task T13_CanariesThroughAWorldThatRepeatsThem_AreFoundNowhere(string mishap)
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        await using var lab = await Lab.Lab.Start(new LabOptions(), ct);
        var canaries = new Canaries();
        var token = canaries.Of(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        canaries.Of(Password, "admin");
        var found = new List<string>();
        using var server = await ServerProcess.Start(folder, new Uri(lab.Url), token, "Trace", Password);
        using var admin = new HttpClient { BaseAddress = server.Url };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));

        await EnterSecrets(admin, canaries, own: mishap == "echo");
        using var control = new HttpClient { BaseAddress = new Uri(lab.Url) };
        foreach (var system in mishap == "echo" ? new[] { "splunk", "ldap", "shodan", "servicenow" } : ["splunk", "shodan", "servicenow"])
        {
            await control.Said(HttpMethod.Post, "/_lab/behaviour", new { system, fail = mishap });
        }

        await SignIn(server.Url, canaries);
        await NewTokens(admin, canaries, found);
        var answers = await Work(server.Url, admin, token);
        answers.AddRange(await AllRoutes(admin));

        server.Kill();
        found.AddRange(answers.SelectMany(answer => canaries.In($"answer {answer[..Math.Min(60, answer.Length)]}", Encoding.UTF8.GetBytes(answer))));
        found.AddRange(server.Lines.SelectMany(line => canaries.In($"log {line[..Math.Min(60, line.Length)]}", Encoding.UTF8.GetBytes(line))));
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            found.AddRange(canaries.In(file, await File.ReadAllBytesAsync(file, ct)));
        }

        found.AddRange(await InRows(folder, canaries));
        Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));
        // The world did repeat: it was seen, and hidden.
        Assert.True(answers.Count(answer => answer.Contains("[hidden]", StringComparison.Ordinal)) >= 3);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Every asset gets secrets of this test, with signs that each kind of escaping changes; or keeps those of the lab, that its systems may answer.</summary>
    private static async Task EnterSecrets(HttpClient admin, Canaries canaries, bool own)
    {
        var assets = (await admin.Said(HttpMethod.Get, "/rest/asset?include_expensive")).GetProperty("data");
        foreach (var asset in assets.EnumerateArray())
        {
            var configuration = JsonNode.Parse(asset.GetProperty("configuration").GetRawText())!.AsObject();
            foreach (var field in configuration.Select(field => field.Key).Where(key => key is "password" or "api_key").ToList())
            {
                var user = (string?)configuration["username"];
                var secret = own
                    ? $"canary {RandomNumberGenerator.GetHexString(12)} \"q\"/+&<é>%41'\\"
                    : (string)asset.GetProperty("name").GetString()! switch
                    {
                        "splunk" => LabCredentials.SplunkPassword,
                        "windows_server" => LabCredentials.LdapPassword,
                        "shodan" => LabCredentials.ShodanKey,
                        _ => LabCredentials.ServiceNowPassword,
                    };
                configuration[field] = canaries.Of(secret, user);
            }

            var id = asset.GetProperty("id").GetInt64();
            var changed = await admin.Said(HttpMethod.Post, $"/rest/asset/{id}", new { configuration });
            Assert.True(changed.TryGetProperty("success", out _), changed.ToString());
        }
    }

    private static async Task SignIn(Uri url, Canaries canaries)
    {
        using var handler = new HttpClientHandler { UseCookies = false };
        using var browser = new HttpClient(handler) { BaseAddress = url };
        browser.DefaultRequestHeaders.Add("Origin", url.GetLeftPart(UriPartial.Authority));
        foreach (var password in new[] { canaries.Of("canary wrong password 1"), Password })
        {
            using var form = new FormUrlEncodedContent([new("username", "admin"), new("password", password)]);
            using var answer = await browser.PostAsync("/login", form, TestContext.Current.CancellationToken);
            foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [])
            {
                canaries.Of(cookie.Split(';')[0].Split('=', 2)[1]);
            }
        }
    }

    /// <summary>A token that is made under an Idempotency-Key: its one answer shows it, the kept one must not.</summary>
    private static async Task NewTokens(HttpClient admin, Canaries canaries, List<string> found)
    {
        var user = await admin.Said(HttpMethod.Post, "/rest/ph_user", new { username = "robot", type = "automation", roles = new[] { "Automation" } });
        async Task<string> Once()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/rest/ph_user/{user.GetProperty("id").GetInt64()}/token");
            request.Headers.Add("Idempotency-Key", "once");
            using var answer = await admin.SendAsync(request, TestContext.Current.CancellationToken);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        canaries.Of((string)JsonNode.Parse(await Once())!["key"]!);
        found.AddRange(canaries.In("the answer to a repeated request", Encoding.UTF8.GetBytes(await Once())));
    }

    private static async Task<List<string>> Work(Uri url, HttpClient admin, string token)
    {
        using var alerts = new HttpClient { BaseAddress = url };
        await new SplunkPusher(alerts, token, new SplunkAlerts("a", TimeProvider.System)).Push(0, TestContext.Current.CancellationToken);
        var answers = new List<string>();
        foreach (var asset in (await admin.Said(HttpMethod.Get, "/rest/asset")).GetProperty("data").EnumerateArray())
        {
            answers.Add((await admin.Said(HttpMethod.Post, $"/rest/asset/{asset.GetProperty("id").GetInt64()}/test", new { })).ToString());
        }

        await admin.Said(HttpMethod.Post, "/rest/action_run", new { action = "run query", targets = new[] { new { assets = new[] { "splunk" }, parameters = new[] { new { query = "index=main | head 3", command = "search" } } } } });
        // A run that holds a token, says it to its own platform in every place there is, and is refused.
        await admin.Import("tells", $$"""
            import phantom.rules as phantom
            import requests
            def on_start(container):
                token = '{{token[..32]}}' + '{{token[32..]}}'
                phantom.debug(str(requests.get('https://127.0.0.1/rest/version', headers={'ph-auth-token': token, 'Authorization': 'Bearer ' + token}, auth=('', token), cookies={'a': token}).status_code))
                phantom.debug(str(requests.get('https://127.0.0.1/rest/asset').json()))
                phantom.debug(str(requests.post('https://127.0.0.1/rest/ph_user/2/token').text))
            """);
        await admin.Said(HttpMethod.Post, "/rest/playbook_run", new { container_id = 1, playbook_id = "local/tells" });
        foreach (var open in new[] { "/rest/playbook_run?_filter_status__in=[\"pending\",\"running\"]", "/rest/action_run?_filter_status=\"pending\"" })
        {
            while ((await admin.Said(HttpMethod.Get, open)).GetProperty("count").GetInt64() > 0)
            {
                await Task.Yield();
            }
        }

        return answers;
    }

    private static async Task<IReadOnlyList<string>> AllRoutes(HttpClient admin)
    {
        var ct = TestContext.Current.CancellationToken;
        var paths = new List<string>();
        foreach (var name in "version system_info user_info container artifact action_run app_run playbook playbook_run note container_note container_comment container_pin decided_list severity container_status role audit ph_user asset app app_action container_options stop_switch cef_metadata".Split(' '))
        {
            paths.Add($"/rest/{name}?page_size=0&include_expensive&pretty&include_automation");
            var list = await admin.Said(HttpMethod.Get, paths[^1]);
            foreach (var record in list.ValueKind == JsonValueKind.Object && list.TryGetProperty("data", out var data) ? data.EnumerateArray().Take(20) : [])
            {
                if (record.TryGetProperty("id", out var id) && name is not ("app_action" or "audit"))
                {
                    paths.Add($"/rest/{name}/{id}");
                    paths.AddRange(name switch
                    {
                        "playbook_run" => [$"/rest/{name}/{id}/log?page_size=0"],
                        "ph_user" => [$"/rest/{name}/{id}/token"],
                        "container" => new[] { "artifacts", "actions", "notes", "comments", "pins", "playbook_runs", "audit" }.Select(below => $"/rest/{name}/{id}/{below}?page_size=0"),
                        _ => [],
                    });
                }
            }
        }

        var answers = new List<string>();
        foreach (var path in paths)
        {
            using var answer = await admin.GetAsync(path, ct);
            answers.Add($"{path} {(int)answer.StatusCode} {answer.Headers} {await answer.Content.ReadAsStringAsync(ct)}");
        }

        return answers;
    }

    /// <summary>All rows of all kinds, what is compressed in them decompressed.</summary>
    private static async Task<IReadOnlyList<string>> InRows(string folder, Canaries canaries)
    {
        var found = new List<string>();
        await using var store = await SqliteStore.Open(new SqliteStoreOptions { Folder = folder }, TestContext.Current.CancellationToken);
        var read = typeof(T13_SecretSurfacesTests).GetMethod(nameof(Rows), BindingFlags.NonPublic | BindingFlags.Static)!;
        var kinds = typeof(IRow).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IRow))).ToList();
        var rows = 0;
        foreach (var kind in kinds)
        {
            foreach (var row in await (Task<IReadOnlyList<object>>)read.MakeGenericMethod(kind).Invoke(null, [store])!)
            {
                rows++;
                found.AddRange(canaries.In($"{kind.Name}", Encoding.UTF8.GetBytes(row.ToString()!)));
                foreach (var property in kind.GetProperties())
                {
                    if (property.GetValue(row) is byte[] bytes)
                    {
                        found.AddRange(canaries.In($"{kind.Name}.{property.Name}", bytes));
                        found.AddRange(canaries.In($"{kind.Name}.{property.Name} unpacked", Unpacked(bytes)));
                    }
                }
            }
        }

        Assert.True(kinds.Count > 20 && rows > 100, $"{kinds.Count} kinds, {rows} rows");
        return found;
    }

    private static async Task<IReadOnlyList<object>> Rows<T>(IStore store)
        where T : class, IRow => await store.Select<T>(new Query(), TestContext.Current.CancellationToken);

    private static byte[] Unpacked(byte[] bytes)
    {
        using var whole = new MemoryStream();
        using var brotli = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        brotli.CopyTo(whole);
        return whole.ToArray();
    }

    /// <summary>Values that may be nowhere, in the forms that they could take.</summary>
    private sealed class Canaries
    {
        private readonly Dictionary<string, byte[]> _forms = [];

        public string Of(string secret, string? user = null)
        {
            var form = WebUtility.UrlEncode(secret);
            foreach (var text in new[]
            {
                secret, Uri.EscapeDataString(secret), form, form.ToLowerInvariant(), JsonSerializer.Serialize(secret)[1..^1], JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret),
                WebUtility.HtmlEncode(secret), Base64(secret), Base64($"{user}:{secret}"), Base64($":{secret}"), Base64($"x{secret}")[4..^4], secret[..(secret.Length - 6)], Uri.EscapeDataString(secret)[..^8],
            })
            {
                _forms[text] = Encoding.UTF8.GetBytes(text);
            }

            return secret;
        }

        public IEnumerable<string> In(string where, byte[] bytes) =>
            _forms.Where(form => bytes.AsSpan().IndexOf(form.Value) >= 0).Select(form => $"\"{form.Key}\" is in {where}");

        private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }
}
