using System.Text;
using System.Text.RegularExpressions;

namespace Vedette.Server.Tests.Rest;

/// <summary>The examples of <c>docs/rest.md</c>, in their order, against a server: each is answered as the page says.</summary>
public sealed partial class DocumentedExampleTests
{
    [Fact]
    public async Task EveryCurlOfThePage_IsAnsweredWithoutAFailure()
    {
        await using var site = await Site.Open();
        var page = await File.ReadAllTextAsync(System.IO.Path.Combine(Root(), "docs", "rest.md"), TestContext.Current.CancellationToken);
        var commands = Fence().Matches(page).SelectMany(match => match.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')).Where(line => line.StartsWith("curl ", StringComparison.Ordinal)).ToList();
        Assert.True(commands.Count >= 10);
        var cookies = new Dictionary<string, string>();
        foreach (var command in commands)
        {
            var answer = await Run(site, command, cookies);
            Assert.True(answer.Status == System.Net.HttpStatusCode.OK && !answer.Text.Contains("\"failed\"", StringComparison.Ordinal), $"{command}\n{answer.Status} {answer.Text}");
        }
    }

    private static async Task<Answer> Run(Site site, string command, Dictionary<string, string> cookies)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = site.Server.Url };
        var words = Word().Matches(command).Skip(1).Select(match => match.Value).Select(word => word[0] is '\'' or '"' ? word[1..^1] : word).ToList();
        string method = "GET", path = "", body = "";
        var headers = new List<(string, string)>();
        for (var at = 0; at < words.Count; at++)
        {
            var word = Filled(words[at], site, cookies);
            switch (word)
            {
                case "-sk" or "-s" or "-k":
                    break;
                case "-X":
                    method = words[++at];
                    break;
                case "-H":
                    var header = Filled(words[++at], site, cookies);
                    var colon = header.IndexOf(':', StringComparison.Ordinal);
                    headers.Add((header[..colon], header[(colon + 1)..].Trim()));
                    break;
                case "-u":
                    headers.Add(("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Filled(words[++at], site, cookies)))));
                    break;
                case "-b" or "-c":
                    at++;
                    if (cookies.Count > 0 && word == "-b")
                    {
                        headers.Add(("Cookie", string.Join("; ", cookies.Select(pair => $"{pair.Key}={pair.Value}"))));
                    }

                    break;
                case "-d" or "--data-urlencode":
                    body += (body.Length > 0 ? "&" : "") + Filled(words[++at], site, cookies);
                    method = method == "GET" ? "POST" : method;
                    break;
                default:
                    Assert.StartsWith("/", path = word, StringComparison.Ordinal);
                    break;
            }
        }

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body.Length > 0)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var line in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var pair = line.Split(';')[0].Split('=', 2);
            cookies[pair[0]] = pair[1];
        }

        return new Answer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static string Filled(string word, Site site, Dictionary<string, string> cookies) => word
        .Replace("$VEDETTE/", "/", StringComparison.Ordinal)
        .Replace("$VEDETTE", site.Server.Url.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
        .Replace("$TOKEN", site.Token, StringComparison.Ordinal)
        .Replace("$PASSWORD", site.Password, StringComparison.Ordinal)
        .Replace("$CSRF", cookies.GetValueOrDefault("csrftoken", ""), StringComparison.Ordinal);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Vedette.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository is not above the tests.");
        }

        return folder.FullName;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("""'[^']*'|"[^"]*"|[^\s'"]+""")]
    private static partial Regex Word();
}
