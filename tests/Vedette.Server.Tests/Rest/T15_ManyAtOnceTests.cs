using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Vedette.Server.Tests.Rest;

public sealed class T15_ManyAtOnceTests
{
    /// <summary>More than may wait for a hash, and more than one account may try: but one client, with one right password.</summary>
    [Fact]
    public async Task T15_FiftyFirstRequestsOfOneUserAtOnce_AreAllAnswered_AndGuessesAreSlowedAllTheSame()
    {
        await using var site = await Site.Open();
        Assert.All(await Statuses(site, Enumerable.Repeat(site.Password, 50)), status => Assert.Equal(HttpStatusCode.OK, status));

        var guesses = await Statuses(site, Enumerable.Range(0, 50).Select(i => $"guess number {i}"));
        Assert.InRange(guesses.Count(status => status == HttpStatusCode.Unauthorized), 1, 6);
        Assert.All(guesses.Where(status => status != HttpStatusCode.Unauthorized), status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
    }

    private static Task<HttpStatusCode[]> Statuses(Site site, IEnumerable<string> passwords) => Task.WhenAll(passwords.Select(async password =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/rest/version");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{password}")));
        using var client = new HttpClient { BaseAddress = site.Server.Url };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }));
}
