using System.Globalization;
using Vedette.Bench;
using Vedette.Lab;

// dotnet run --project bench/Vedette.Bench -c Release            the whole table, about two minutes
// dotnet run --project bench/Vedette.Bench -c Release -- quick   a tenth of the load, to see that it runs
// dotnet run --project bench/Vedette.Bench -c Release -- load N   N alerts, 8 in flight, Vedette alone: for a profiler
// dotnet run --project bench/Vedette.Bench -c Release -- trial   playbooks tried, and what runs cost beside their actions, about a minute
// dotnet run --project bench/Vedette.Bench -c Release -- storm N  N alerts, one in a hundred distinct, as fast as they are taken; 100000 take several minutes
if (args is ["floor", var address])
{
    await FloorServer.Run(new Uri(address));
    return;
}

if (args is ["load", var count])
{
    await Load(int.Parse(count, CultureInfo.InvariantCulture));
    return;
}

if (args is ["storm", var wave])
{
    await Storm(int.Parse(wave, CultureInfo.InvariantCulture));
    return;
}

if (args is ["trial"])
{
    await Trial();
    return;
}

var scale = args is ["quick"] ? 0.1 : 1;
int Of(int alerts) => (int)(alerts * scale);

var folder = Directory.CreateTempSubdirectory("vedette-bench-").FullName;
await using var lab = await Lab.Start(new LabOptions { RememberedRequests = 1 }, CancellationToken.None);
using var driver = new LoadDriver(lab);
var passes = new Passes(driver);
Console.Error.WriteLine("Starting both targets and warming them up …");
await using (var floor = await Target.Floor(lab.Url))
await using (var vedette = await Target.Vedette(folder, lab.Url))
{
    var rest = ProcessTree.Megabytes(vedette.Pid);
    Target[] both = [floor, vedette];
    foreach (var target in both)
    {
        await passes.InFlight(target, Of(2000), 8, 0);
    }

    Row("", floor.Name, vedette.Name, "aim");
    Row("---", "---", "---", "---");

    var acknowledged = both.ToDictionary(each => each, _ => new Samples());
    var one = both.ToDictionary(each => each, _ => new Samples());
    var slow = both.ToDictionary(each => each, _ => new Samples());
    var after = new Samples();
    var two = new Samples();
    for (var round = 0; round < 4; round++)
    {
        foreach (var target in both)
        {
            var instant = await passes.OneAtATime(target, Of(150), 0);
            acknowledged[target].Add(instant.Acknowledged);
            one[target].Add(instant.ToTicket);
            var late = await passes.OneAtATime(target, Of(40), 50);
            slow[target].Add(late.ToTicket);
            if (target == vedette)
            {
                after.Add(late.AfterLookUps);
            }
        }

        two.Add((await passes.OneAtATime(vedette, Of(100), 0, inTwo: true)).ToTicket);
    }

    Row("one at a time, instant systems: alert sent to ticket received", one[floor].Both(), one[vedette].Both(), "p50 8, p99 40 ms");
    Row("the same, container and artifact posted apart", "", two.Both(), "");
    Row("acknowledgement", acknowledged[floor].Both(), acknowledged[vedette].Both(), "p50 3 ms");
    Row("one at a time, 50 ms systems: alert sent to ticket received", slow[floor].Both(), slow[vedette].Both(), "");
    Row("the same, from the last look-up's answer on", "", after.Both(), "p50 65 ms");

    var rates = both.ToDictionary(each => each, _ => new List<double>());
    var cpu = both.ToDictionary(each => each, _ => new List<double>());
    var alerts = Of(1500);
    var runs = 0;
    long disk = 0, written = 0;
    for (var round = 0; round < 3; round++)
    {
        foreach (var target in both)
        {
            var (folderBefore, writtenBefore) = (Size(folder), ProcessTree.BytesWritten(vedette.Pid));
            var pass = await passes.InFlight(target, alerts, 8, 0);
            rates[target].Add(alerts / pass.Elapsed.TotalSeconds);
            cpu[target].Add(pass.Cpu / alerts);
            if (target == vedette)
            {
                runs += alerts;
                disk += Size(folder) - folderBefore;
                written += ProcessTree.BytesWritten(vedette.Pid) - writtenBefore;
            }
        }
    }

    Row("8 in flight, instant systems: tickets per second", Median(rates[floor], "0"), Median(rates[vedette], "0"), "300");
    Row("the same: CPU per ticket, server and its Python", Median(cpu[floor], "0.00") + " ms", Median(cpu[vedette], "0.00") + " ms", "5 ms");
    Row("the same: growth of the data folder per run", "", Number(disk / 1024.0 / runs, "0.0") + " kB", "");
    Row("the same: written to disk per run", "", Number(written / 1024.0 / runs, "0.0") + " kB", "");

    var stormAlerts = Of(500);
    foreach (var latency in (int[])[0, 50])
    {
        var cells = new List<string>();
        var peak = 0d;
        foreach (var target in both)
        {
            var storm = await passes.Storm(target, stormAlerts, latency);
            var samples = new Samples();
            samples.Add(storm.ToTicket);
            cells.Add(samples.Both());
            peak = storm.Megabytes;
        }

        Row($"storm of {stormAlerts} at once, {latency} ms systems: all tickets, none twice", cells[0], cells[1], latency == 0 ? "p99 2,000 ms" : "");
        Row("the same: memory of all processes at the peak", "", Number(peak, "0") + " MB", "500 MB");
    }

    var kill = await passes.Kill(vedette, Of(200), Of(300), 50);
    Row($"{Of(200)} in flight and kill -9: of {kill.Acknowledged} acknowledged", "", $"lost {kill.Lost}, doubled {kill.Doubled}", "0, 0");
    Row("the same: serving again", "", Number(kill.Serving.TotalSeconds, "0.00") + " s", "2 s");
    Row("the same: the last ticket after that", "", Number(kill.LastTicketAfter.TotalSeconds, "0.00") + " s", "5 s");
    Row("memory of all processes at rest", "", Number(rest, "0") + " MB", "250 MB");
}

Directory.Delete(folder, recursive: true);

static async Task Load(int alerts)
{
    var folder = Directory.CreateTempSubdirectory("vedette-bench-").FullName;
    await using var lab = await Lab.Start(new LabOptions { RememberedRequests = 1 }, CancellationToken.None);
    using var driver = new LoadDriver(lab);
    var passes = new Passes(driver);
    await using (var vedette = await Target.Vedette(folder, lab.Url))
    {
        Console.WriteLine($"pid {vedette.Pid}");
        for (var done = 0; done < alerts; done += 500)
        {
            var written = ProcessTree.BytesWritten(vedette.Pid);
            var pass = await passes.InFlight(vedette, 500, 8, 0);
            written = ProcessTree.BytesWritten(vedette.Pid) - written;
            Console.WriteLine($"{Number(500 / pass.Elapsed.TotalSeconds, "0")} tickets/s, {Number(pass.Cpu / 500, "0.00")} ms CPU and {written / 500 / 1024} kB written a ticket");
        }
    }

    Directory.Delete(folder, recursive: true);
}

static async Task Storm(int alerts)
{
    var folder = Directory.CreateTempSubdirectory("vedette-bench-").FullName;
    await using var lab = await Lab.Start(new LabOptions { RememberedRequests = 1 }, CancellationToken.None);
    using var driver = new LoadDriver(lab);
    await using (var vedette = await Target.Vedette(folder, lab.Url))
    using (var bench = new StormBench(vedette, driver))
    {
        var seen = await bench.Run(alerts);
        Row("", "Vedette", "aim");
        Row("---", "---", "---");
        Row($"{seen.Alerts} alerts, {seen.Distinct} distinct: acknowledged a second", Number(seen.Alerts / seen.Sending.TotalSeconds, "0"), "");
        Row("the same: acknowledgement", seen.Acknowledged.Both(), "");
        Row("told to come again", Number(seen.Refused, "0"), "");
        Row("stored: alerts, artifacts", $"{seen.Containers}, {seen.Artifacts}", $"{seen.Alerts}, {seen.Alerts}");
        Row("runs started", Number(seen.Runs, "0"), "some for each distinct one");
        Row("tickets; events with more than one", $"{seen.Tickets}; {seen.Doubled}", $"{seen.Distinct + 1}; 0");
        Row("high severity sent in the middle: to its first action", Number(seen.FirstAction.TotalMilliseconds, "0") + " ms", "");
        Row("backlog when the last was acknowledged; said and took to work off", $"{seen.Waits}; {(seen.DrainsIn is { } said ? Number(said, "0.0") : "unknown")} s, {Number(seen.Drained.TotalSeconds, "0.0")} s", "");
        Row("memory of all processes after it", Number(ProcessTree.Megabytes(vedette.Pid), "0") + " MB", "");
    }

    Directory.Delete(folder, recursive: true);
}

static async Task Trial()
{
    const int playbooks = 100, rounds = 3;
    var folder = Directory.CreateTempSubdirectory("vedette-bench-").FullName;
    var tried = Path.Combine(folder, "playbooks");
    TrialBench.Make(tried, playbooks);
    Row("", "Vedette", "aim");
    Row("---", "---", "---");
    var (seconds, cpu) = (new List<double>(), new List<double>());
    for (var round = 0; round < rounds; round++)
    {
        var pass = await TrialBench.Test(tried);
        seconds.Add(pass.Seconds);
        cpu.Add(pass.Cpu);
    }

    Row($"{playbooks} playbooks with one case each, one process", Median(seconds, "0.0") + " s", "10 s on two cores");
    Row("the same: CPU", Median(cpu, "0.0") + " s", "");

    await using var lab = await Lab.Start(new LabOptions { RememberedRequests = 1 }, CancellationToken.None);
    var data = Path.Combine(folder, "data");
    await using (var vedette = await Target.Vedette(data, lab.Url))
    using (var bench = await RunBench.On(vedette))
    {
        await bench.Run("nothing", 50);
        var alone = await bench.Run("nothing", 200);
        Row("a playbook that does nothing: asked for to ended", alone.Each.Both(), "");
        var before = ProcessTree.CpuMilliseconds(vedette.Pid);
        var abreast = await bench.Run("nothing", 400, abreast: 8);
        Row("the same, 8 abreast: runs per second", Number(400 / abreast.Seconds, "0"), "");
        Row("the same: CPU per run, its requests included", Number((ProcessTree.CpuMilliseconds(vedette.Pid) - before) / 400, "0.00") + " ms", "");
        var (turns, calls) = (new List<double>(), new List<double>());
        await bench.Run("turns", 1);
        await bench.Run("calls", 1);
        for (var round = 0; round < rounds; round++)
        {
            turns.Add(2 * RunBench.Functions / (await bench.Run("turns", 1)).Seconds);
            calls.Add(RunBench.Calls / (await bench.Run("calls", 1)).Seconds);
        }

        Row("turns per second of one run", Median(turns, "0"), "");
        Row("API calls per second of one turn (collect2)", Median(calls, "0"), "");
    }

    Directory.Delete(folder, recursive: true);
}

static void Row(params string[] cells) => Console.WriteLine("| " + string.Join(" | ", cells) + " |");

static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

static string Median(List<double> all, string format) => Number(all.Order().ElementAt(all.Count / 2), format);

static long Size(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
