using System.Diagnostics;
using System.Text;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers.Tests;

public class TurnTests
{
    [Fact]
    public async Task TheSandboxHoldsHere()
    {
        await using var workers = await Workers.Started();
        var report = workers.Port.Sandbox;
        Assert.True(report.Holds, report.ToString() + string.Join('\n', report.Measures) + string.Join('\n', report.Probes));
        Assert.Equal("full", report.Level);
    }

    [Fact]
    public async Task ATurnReturnsItsValue()
    {
        await using var workers = await Workers.Started();
        Assert.Equal("{\"a\":[1,\"zwei\"]}", await workers.Value("def run():\n    return {'a': [1, 'zwei']}\n"));
    }

    [Fact]
    public async Task CallsCarryNamedArgumentsAndComeBack()
    {
        await using var workers = await Workers.Started();
        var calls = new Recorder { Answers = (_, _) => "[[\"10.0.0.1\"]]" };
        var value = await workers.Value(
            "import phantom.rules as phantom\ndef run():\n    return phantom.collect2(container={'id': 7, 'data': {}}, datapath=['artifact:*.cef.x'])\n", calls);
        Assert.Equal("[[\"10.0.0.1\"]]", value);
        Assert.Equal(["collect2 {\"container\":7,\"datapath\":[\"artifact:*.cef.x\"],\"trace\":false}"], calls.Calls);
    }

    [Fact]
    public async Task AnExceptionTellsItsLine()
    {
        await using var workers = await Workers.Started();
        var end = Assert.IsType<TurnEnd.Raised>(await workers.Run(Workers.Order("def run():\n    x = 1\n    raise ValueError('no')\n")));
        Assert.Equal(("ValueError", "no", 3), (end.Type, end.Message, end.Line));
        Assert.Contains("raise ValueError('no')", end.Traceback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExceptionOfTheEngineIsRaisedInPython()
    {
        await using var workers = await Workers.Started();
        var calls = new Recorder { Answers = (_, _) => throw new TurnCallException("KeyError", "unknown") };
        Assert.Equal("\"unknown\"", await workers.Value(
            "import phantom.rules as phantom\ndef run():\n    try:\n        phantom.get_container(1)\n    except KeyError as e:\n        return e.args[0]\n", calls));
    }

    [Fact]
    public async Task ASourceIsReadWhileTurnsHaveAllPlaces()
    {
        await using var workers = await Workers.Started(new WorkerOptions { MaxChildren = 1 });
        var calls = new Holding();
        var turn = workers.Run(Workers.Order("import phantom.rules as phantom\ndef run():\n    phantom.get_container(1)\n"), calls);
        await calls.Asked;

        // As a turn does that brings in a playbook: it goes on when this has ended.
        var check = await workers.Port.Check("a.py", "def a(): pass\n"u8.ToArray(), false, TestContext.Current.CancellationToken);

        Assert.Equal(["a"], check.Functions);
        calls.LetGo();
        Assert.IsType<TurnEnd.Returned>(await turn);
    }

    [Fact]
    public async Task AnEndlessLoopEndsAtItsDeadline()
    {
        await using var workers = await Workers.Started();
        var order = Workers.Order("def run():\n    while True: pass\n") with { Limits = new TurnLimits { Deadline = TimeSpan.FromMilliseconds(300) } };
        var clock = Stopwatch.StartNew();
        Assert.Equal(LossKind.Deadline, Assert.IsType<TurnEnd.Lost>(await workers.Run(order)).Kind);
        Assert.InRange(clock.ElapsedMilliseconds, 250, 5_000);
    }

    [Fact]
    public async Task TooMuchMemoryEndsTheTurn()
    {
        await using var workers = await Workers.Started();
        var order = Workers.Order("def run():\n    x = []\n    while True: x.append(bytearray(1 << 20))\n") with { Limits = new TurnLimits { MemoryBytes = 64 << 20 } };
        Assert.Equal(LossKind.Memory, Assert.IsType<TurnEnd.Lost>(await workers.Run(order)).Kind);
    }

    [Fact]
    public async Task AProcessThatEndsIsNoticed()
    {
        await using var workers = await Workers.Started();
        Assert.Equal(LossKind.Died, Assert.IsType<TurnEnd.Lost>(await workers.Run(Workers.Order("import os\ndef run():\n    os._exit(3)\n"))).Kind);
    }

    [Fact]
    public async Task AMegabyteOfPrintsIsCutAndTheTurnGoesOn()
    {
        await using var workers = await Workers.Started();
        var calls = new Recorder();
        Assert.Equal("1", await workers.Value("def run():\n    for _ in range(20000): print('x' * 100)\n    return 1\n", calls));
        Assert.InRange(calls.Lines.Count, 1, 10_001);
        Assert.Contains("full", calls.Lines[^1].Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ZygoteKilled_NextTurnWorks()
    {
        await using var workers = await Workers.Started();
        using (var zygote = Process.GetProcessById(workers.Port.ZygotePid))
        {
            zygote.Kill();
            await zygote.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal("1", await workers.Value("def run():\n    return 1\n"));
    }

    [Fact]
    public async Task NothingIsLeftAfterDispose()
    {
        var workers = await Workers.Started();
        await workers.Value("def run():\n    return 1\n");
        var pid = workers.Port.ZygotePid;
        await workers.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{pid}") && File.ReadAllText($"/proc/{pid}/cmdline").Contains("zygote.py", StringComparison.Ordinal));
    }

    [Fact]
    public async Task T07_TheSecondRunFindsNothingOfTheFirst()
    {
        await using var workers = await Workers.Started();
        const string source = "import os, json\nseen = []\ndef run():\n    found = [list(seen), os.environ.get('LEFT'), os.listdir('.'), getattr(json, 'left', None)]\n"
            + "    seen.append(1)\n    e = os.environ\n    e['LEFT'] = '1'\n    open('left', 'w').write('x')\n    return [found, os.getpid()]\n";
        var first = await workers.Value(source);
        var second = await workers.Value(source);
        Assert.StartsWith("[[[],null,[],null],", first, StringComparison.Ordinal);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task ChanceAndClockAreGivenAgain()
    {
        await using var workers = await Workers.Started();
        const string source = "import time, random, uuid\nfrom datetime import datetime\ndef run():\n    return [time.time(), str(datetime.utcnow()), random.random(), str(uuid.uuid4())]\n";
        var calls = new Recorder();
        var first = await workers.Value(source, calls);
        Assert.Equal(2, calls.Readings.Count);
        var again = Assert.IsType<TurnEnd.Returned>(await workers.Run(Workers.Order(source) with { Clock = calls.Readings }));
        Assert.Equal(first, Encoding.UTF8.GetString(again.Value.Span));
    }

    [Fact]
    public async Task WhatIsNotThereSaysSo()
    {
        await using var workers = await Workers.Started();
        var end = Assert.IsType<TurnEnd.Raised>(await workers.Run(Workers.Order("import phantom.rules as phantom\ndef run():\n    phantom.levitate()\n")));
        Assert.Equal(("AttributeError", "module 'phantom.rules' has no attribute 'levitate'"), (end.Type, end.Message));
    }

    [Fact]
    public async Task CheckTellsFunctionsAndTheLineOfAnError()
    {
        await using var workers = await Workers.Started();
        var cancellation = TestContext.Current.CancellationToken;
        var good = await workers.Port.Check("a.py", "def a(): pass\ndef b(): eval('1')\n"u8.ToArray(), false, cancellation);
        Assert.True(good.Compiles);
        Assert.Equal(["a", "b"], good.Functions);
        Assert.Equal("eval", Assert.Single(good.Reaches).Name);
        var bad = await workers.Port.Check("a.py", "x = 1\ndef (:\n"u8.ToArray(), false, cancellation);
        Assert.Equal((false, 2), (bad.Compiles, bad.Line));
    }
}
