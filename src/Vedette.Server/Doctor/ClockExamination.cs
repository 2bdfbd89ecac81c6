using System.Globalization;
using Vedette.Engine.Storage;
using Vedette.Server.Hosting;

namespace Vedette.Server.Doctor;

/// <summary>Whether the clock can be right: not before this program was made, not before the last entry of the record.</summary>
internal static class ClockExamination
{
    private const string Area = "clock";
    private const string Set = "Set it: timedatectl set-ntp true. Certificates, tokens and deadlines go by it.";
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<Finding>> Of(ServerOptions options, bool readable, TimeProvider time, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var words = now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var made = File.GetLastWriteTimeUtc(typeof(ClockExamination).Assembly.Location);
        if (now < made - Slack)
        {
            return [Finding.Stops(Area, $"It says {words} UTC, which is before this program was made. {Set}")];
        }

        if (readable)
        {
            await using var store = options.Place.OpenToRead();
            var last = await store.Select<AuditRow>(new Query { Order = [(nameof(AuditRow.Id), true)], Limit = 1 }, ct);
            if (last is [{ At: var at }] && now < at - Slack)
            {
                return [Finding.Stops(Area, $"It says {words} UTC, which is before the last entry of the record ({at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}). {Set}")];
            }
        }

        return [Finding.Good(Area, $"It says {words} UTC.")];
    }
}
