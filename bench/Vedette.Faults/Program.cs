using System.Globalization;
using Vedette.Faults;

// dotnet run --project bench/Vedette.Faults -c Release               every commit of the way, before and after; the ticket system failing beside it; 20 storms with kills at random
// dotnet run --project bench/Vedette.Faults -c Release -- short      every fourth commit, one storm: what ./test runs
// dotnet run --project bench/Vedette.Faults -c Release -- SEED       the whole with a given seed
// VEDETTE_STORE names an empty PostgreSQL database; without it a file is the store. The last line is the sum; it ends with 1 where something was lost or doubled.
var store = Environment.GetEnvironmentVariable("VEDETTE_STORE");
if (args is ["node", var folder, var lab])
{
    await Node.Run(folder, new Uri(lab), store);
    return 0;
}

var shortly = args is ["short"];
var seed = args is [var given] && int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : Random.Shared.Next();
var chance = new Random(seed);
Console.WriteLine($"Seed {seed}, {(store is null ? "SQLite" : "PostgreSQL")}");
Console.WriteLine("| killed | at commit | acknowledged | tickets |");
Console.WriteLine("| --- | --- | --- | --- |");
await using var harness = await Harness.Open(store);
var way = await harness.Way();
for (var commit = 1; commit <= way.Count; commit++)
{
    if (shortly && (commit + seed) % 4 != 0)
    {
        continue;
    }

    foreach (var after in shortly ? [chance.Next(2) == 0] : (bool[])[false, true])
    {
        Row(after, await harness.KilledAt(commit, after));
    }
}

foreach (var mishap in shortly ? [] : (string[])["late-work", "late-answer", "reset", "cut"])
{
    for (var round = 0; round < 5; round++)
    {
        var after = chance.Next(2) == 0;
        Row(after, await harness.KilledAt(chance.Next(1, way.Count + 1), after, $$"""{"system":"servicenow","fail":"{{mishap}}","times":1}"""), mishap);
    }
}

for (var storm = 0; storm < (shortly ? 1 : 20); storm++)
{
    await harness.KilledAtRandom(alerts: shortly ? 10 : 100, kills: shortly ? 2 : 5, chance);
}

Console.WriteLine(harness.Tally);
return harness.Tally.Good ? 0 : 1;

static void Row(bool after, (string Commit, bool Acknowledged, int Tickets) seen, string mishap = "") =>
    Console.WriteLine($"| {(after ? "after" : "before")}{(mishap.Length > 0 ? $", ticket system: {mishap}" : "")} | {seen.Commit} | {(seen.Acknowledged ? "yes" : "no")} | {seen.Tickets} |");
