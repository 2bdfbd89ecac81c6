using System.Diagnostics;

namespace Vedette.Bench;

/// <summary>The measured ways of loading a target. Each begins with an empty lab and ends when the last ticket is there.</summary>
internal sealed class Passes(LoadDriver driver)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>The next alert is sent when the ticket of the last is there and its run had a moment to end.</summary>
    public async Task<(TimeSpan[] Acknowledged, TimeSpan[] ToTicket, TimeSpan[] AfterLookUps)> OneAtATime(Target target, int alerts, int latency, bool inTwo = false)
    {
        await driver.Reset(latency);
        var sent = new List<Sent>();
        var answered = new List<DateTimeOffset>();
        for (var i = 0; i < alerts; i++)
        {
            sent.Add(await (inTwo ? driver.SendInTwo(target) : driver.Send(target)));
            await Reached(i + 1);
            answered.Add(await driver.LastLookUp() + TimeSpan.FromMilliseconds(latency));
            await Task.Delay(latency + 10);
        }

        var toTicket = await ToTicket(sent);
        return ([.. sent.Select(each => each.Acknowledged)], toTicket, [.. sent.Select((each, i) => each.At + toTicket[i] - answered[i])]);
    }

    /// <summary>A window of alerts without a ticket is kept full.</summary>
    public async Task<(TimeSpan Elapsed, TimeSpan[] ToTicket, double Cpu)> InFlight(Target target, int alerts, int window, int latency)
    {
        await driver.Reset(latency);
        var cpu = ProcessTree.CpuMilliseconds(target.Pid);
        var watch = Stopwatch.StartNew();
        var sending = new List<Task<Sent>>();
        for (var i = 0; i < alerts; i++)
        {
            if (i >= window)
            {
                await Reached(i - window + 1);
            }

            sending.Add(driver.Send(target));
        }

        var sent = await Task.WhenAll(sending);
        await Reached(alerts);
        var elapsed = watch.Elapsed;
        await Quiet(target);
        return (elapsed, await ToTicket(sent), ProcessTree.CpuMilliseconds(target.Pid) - cpu);
    }

    public async Task<(TimeSpan Elapsed, TimeSpan[] ToTicket, double Megabytes)> Storm(Target target, int alerts, int latency)
    {
        await driver.Reset(latency);
        using var stop = new CancellationTokenSource();
        var peak = Peak(target, stop.Token);
        var watch = Stopwatch.StartNew();
        var sent = await Task.WhenAll(Enumerable.Range(0, alerts).Select(_ => driver.Send(target)));
        await Reached(alerts);
        var elapsed = watch.Elapsed;
        await stop.CancelAsync();
        return (elapsed, await ToTicket(sent), await peak);
    }

    /// <summary>Load until the server is killed; started again, it owes a ticket for every alert it acknowledged.</summary>
    public async Task<KillResult> Kill(Target target, int window, int ticketsBefore, int latency)
    {
        await driver.Reset(latency);
        var sending = new List<Task<Sent>>();
        for (var i = 0; i < ticketsBefore + window; i++)
        {
            if (i >= window)
            {
                await Reached(i - window + 1);
            }

            sending.Add(driver.Send(target));
        }

        target.Kill();
        var acknowledged = new List<int>();
        foreach (var each in sending)
        {
            try
            {
                acknowledged.Add((await each).Number);
            }
            catch (HttpRequestException)
            {
                // Not acknowledged: the sender knows and would send again.
            }
        }

        var watch = Stopwatch.StartNew();
        await target.StartAgain();
        (await target.Client.GetAsync(new Uri("/rest/version", UriKind.Relative))).Dispose();
        var serving = watch.Elapsed;
        var before = (await driver.Tickets()).Count;
        var last = serving;
        while (watch.Elapsed - last < TimeSpan.FromSeconds(10))
        {
            using var wait = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await driver.Lab.TicketsReached(before + 1, wait.Token);
                before++;
                last = watch.Elapsed;
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        var tickets = await driver.Tickets();
        return new(acknowledged.Count, acknowledged.Count(number => !tickets.Contains(number)), tickets.Count(each => each.Count() > 1), serving, last - serving);
    }

    private static async Task<double> Peak(Target target, CancellationToken stop)
    {
        var peak = 0d;
        while (!stop.IsCancellationRequested)
        {
            peak = Math.Max(peak, ProcessTree.Megabytes(target.Pid));
            await Task.Delay(200, CancellationToken.None);
        }

        return peak;
    }

    /// <summary>The runs end after their tickets; their work belongs to the figures.</summary>
    private static async Task Quiet(Target target)
    {
        for (var last = -1d; ;)
        {
            var now = ProcessTree.CpuMilliseconds(target.Pid);
            if (now - last < 20)
            {
                return;
            }

            last = now;
            await Task.Delay(200);
        }
    }

    private async Task<TimeSpan[]> ToTicket(IEnumerable<Sent> sent)
    {
        var tickets = await driver.Tickets();
        return [.. sent.Select(each => tickets[each.Number].Single() - each.At)];
    }

    private async Task Reached(int count)
    {
        using var limit = new CancellationTokenSource(Longest);
        await driver.Lab.TicketsReached(count, limit.Token);
    }
}

internal sealed record KillResult(int Acknowledged, int Lost, int Doubled, TimeSpan Serving, TimeSpan LastTicketAfter);
