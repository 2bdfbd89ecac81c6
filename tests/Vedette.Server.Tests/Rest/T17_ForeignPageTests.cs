using System.Net;

namespace Vedette.Server.Tests.Rest;

public sealed class T17_ForeignPageTests
{
    [Fact]
    public async Task T17_ChangingRequestOfABrowser_NeedsOurOriginAndTheCsrfToken()
    {
        await using var site = await Site.Open();
        var session = await Session.SignIn(site);
        using var browser = site.Nobody();
        var own = session.Origin;
        const string Foreign = "https://evil.example";
        const string Body = """{"name":"made by a page","label":"events"}""";
        (string, string) cookie = ("Cookie", $"sessionid={session.Cookie}; csrftoken={session.Csrf}");
        (string, string) basic = ("Authorization", "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"admin:{site.Password}")));
        (string, string) csrf = ("X-CSRFToken", session.Csrf);
        (string, string)[][] denied =
        [
            [cookie],
            [cookie, csrf],
            [cookie, ("Origin", own)],
            [cookie, ("Origin", own), ("X-CSRFToken", "guessed")],
            [cookie, ("Origin", Foreign), csrf],
            [cookie, ("Origin", "null"), csrf],
            [cookie, ("Referer", Foreign + "/" + own), csrf],
            [cookie, ("Origin", own + ".evil.example"), csrf],
            [cookie, ("Origin", own.Replace("http:", "https:", StringComparison.Ordinal)), csrf],
            [basic, ("Origin", Foreign)],
            [basic, ("Origin", own)],
            [basic, ("Sec-Fetch-Site", "cross-site")],
            [basic, cookie],
            [basic, cookie, ("Origin", own)],
            [basic, cookie, ("Origin", Foreign), csrf],
        ];

        foreach (var headers in denied)
        {
            foreach (var (method, path, body) in new[] { ("POST", "/rest/container", Body), ("DELETE", "/rest/container/1", "{}"), ("POST", "/logout", "") })
            {
                if (path == "/logout" && !headers.Contains(cookie))
                {
                    continue;
                }

                var answer = await browser.Ask(method, path, body, headers);
                Assert.True(answer.Status == HttpStatusCode.Forbidden, $"{method} {path} with {string.Join(", ", headers)}: {answer.Status}");
            }
        }

        Assert.Equal(0, (await site.Client.Read("/rest/container?_filter_name=\"made by a page\"")).GetProperty("count").GetInt64());
        (await browser.Ask("POST", "/rest/container", Body, cookie, ("Origin", own), csrf)).Good();
        (await browser.Ask("POST", "/rest/container", Body, cookie, ("Referer", own + "/events"), csrf)).Good();
        (await browser.Ask("POST", "/rest/container", Body, basic, cookie, ("Origin", own), csrf)).Good();
        (await browser.Ask("POST", "/rest/container", Body, basic)).Good();
        (await browser.Ask("GET", "/rest/container", null, cookie)).Good();
    }

    [Fact]
    public async Task T17_SigningSomebodyIn_NeedsOurPageToo()
    {
        await using var site = await Site.Open();
        using var browser = site.Nobody();
        var own = site.Server.Url.GetLeftPart(UriPartial.Authority);
        var form = $"username=admin&password={site.Password}";

        (await browser.Ask("POST", "/login", form)).Refused(HttpStatusCode.Forbidden);
        (await browser.Ask("POST", "/login", form, ("Origin", "https://evil.example"))).Refused(HttpStatusCode.Forbidden);
        Assert.Contains("csrfmiddlewaretoken", (await browser.Ask("POST", "/login", form, ("Origin", own))).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        (await browser.Ask("POST", "/login", form + "&csrfmiddlewaretoken=b", ("Origin", own), ("Cookie", "csrftoken=a"))).Refused(HttpStatusCode.Forbidden);
    }
}
