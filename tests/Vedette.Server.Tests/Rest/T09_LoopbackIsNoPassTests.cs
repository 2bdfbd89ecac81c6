using System.Net;
using System.Text.Json;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Rest;

public sealed class T09_LoopbackIsNoPassTests
{
    private static readonly (string, string)[] Forged =
    [
        ("Forwarded", "for=127.0.0.1;host=localhost;proto=https"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Real-IP", "127.0.0.1"),
        ("X-Remote-User", "admin"),
        ("Remote-User", "admin"),
        ("X-Forwarded-User", "admin"),
        ("PsaasImpersonationToken", "admin"),
        ("X-Original-URL", "/rest/version"),
    ];

    [Fact]
    public async Task T09_EveryRouteFromLoopbackWithoutCredentials_Is401()
    {
        await using var site = await Site.Open();
        using var stranger = site.Nobody();
        var routes = site.Server.Routes.All;
        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            foreach (var headers in new[] { [], Forged, [.. Forged, ("ph-auth-token", "not-a-token")], [("Authorization", "Basic !")], [("Authorization", "Bearer x")], [("Cookie", "sessionid=x; csrftoken=y"), ("X-CSRFToken", "y"), ("Origin", site.Server.Url.GetLeftPart(UriPartial.Authority))] })
            {
                var answer = await stranger.Ask(route.Method, Asking.Address(route.Path), route.Method == "GET" ? null : "{}", headers);
                Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{route.Method} {route.Path} with {string.Join(", ", headers.Select(header => header.Item1))}: {answer.Status}");
                Assert.True(answer.Json.GetProperty("failed").GetBoolean());
            }
        }

        Assert.Equal("No supported auth information provided in request", (await stranger.Ask("GET", "/rest/container")).Refused(HttpStatusCode.Unauthorized));
        Assert.Equal("Invalid automation token", (await stranger.Ask("GET", "/rest/container", null, ("ph-auth-token", "x"))).Refused(HttpStatusCode.Unauthorized));
    }

    /// <summary>A run calls back by its worker's own channel and has no secret for HTTP: nothing that it knows lets anybody in, during its life or after.</summary>
    [Fact]
    public async Task T09_WhatAnEndedRunKnew_LetsNobodyIn()
    {
        await using var site = await Site.Open();
        var container = await site.SendAlert();
        var run = await site.RunEnded(container);
        var ct = TestContext.Current.CancellationToken;
        var known = new HashSet<string> { run.SourceHash, $"{run.Id}", $"run {run.Id}", $"run {run.Id} turn {run.Turns}", run.Repository + "/" + run.PlaybookName };
        known.UnionWith((await site.Server.Store.Select<ActionResultRow>(Query.For(Where.Is("ContainerId", container)), ct)).Select(row => row.EffectKey));
        known.UnionWith((await site.Server.Store.Select<MessageRow>(Query.For(Where.Is("RunId", run.Id)), ct)).Select(row => row.MessageId));
        known.UnionWith((await site.Server.Store.Select<TurnRow>(Query.For(Where.Is("RunId", run.Id)), ct)).Select(row => row.MessageId));
        known.UnionWith((await site.Server.Store.Select<RunValueRow>(Query.For(Where.Is("RunId", run.Id)), ct)).SelectMany(row => new[] { row.Name, row.Value }).Where(text => text.Length is > 0 and < 500 && !text.Any(char.IsControl) && text.All(char.IsAscii)));
        using var stranger = site.Nobody();

        Assert.True(known.Count > 8);
        foreach (var secret in known)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.Ask("GET", "/rest/version", null, ("ph-auth-token", secret))).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.Ask("GET", "/rest/version", null, ("Authorization", $"Bearer {JsonEncodedText.Encode(secret)}"))).Status);
        }
    }
}
