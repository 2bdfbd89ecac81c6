using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Approvals;

/// <summary>Who has approved an action, and who has to beside: every requirement by as many different persons as it says.</summary>
/// <param name="Approvals">With the newest, as the row keeps them.</param>
/// <param name="Left">A sentence on who has to approve it still; null where nobody has.</param>
internal sealed record Votes(string Approvals, string? Left)
{
    public static async Task<Outcome<Votes>> Count(Addressees addressees, PromptRow prompt, UserRow user, IReadOnlyList<UserRow> stands, string message, DateTimeOffset now)
    {
        var approvals = JsonNode.Parse(prompt.Approvals)!.AsArray();
        if (approvals.Any(one => (long)one!["user"]! == user.Id))
        {
            return new Refusal(RefusalKind.Conflict, "approved_before", "You have approved this already; it needs somebody else as well.");
        }

        var requirements = JsonNode.Parse(prompt.Requirements)!.AsArray();
        var counts = new JsonArray();
        for (var place = 0; place < requirements.Count; place++)
        {
            if (await addressees.Has(requirements[place]!["who"]!.AsArray(), stands))
            {
                counts.Add(place);
            }
        }

        approvals.Add(new JsonObject { ["user"] = user.Id, ["counts"] = counts, ["message"] = message, ["at"] = now.ToString("O", CultureInfo.InvariantCulture) });
        var left = new List<string>();
        for (var place = 0; place < requirements.Count; place++)
        {
            var missing = (int)requirements[place]!["persons"]! - approvals.Count(one => one!["counts"]!.AsArray().Any(counted => (int)counted! == place));
            if (missing > 0)
            {
                left.Add($"{missing} more for {requirements[place]!["rule"]}");
            }
        }

        return new Votes(approvals.ToJsonString(), left.Count == 0 ? null : $"Approved; it waits for {string.Join(", and ", left)}.");
    }
}
