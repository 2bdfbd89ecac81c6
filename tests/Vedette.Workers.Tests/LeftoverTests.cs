using System.Globalization;
using System.Text;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers.Tests;

/// <summary>Two runs of one playbook after each other, and runs of two playbooks beside each other: none finds anything of the other.</summary>
public class LeftoverTests
{
    [Theory]
    [InlineData("import json\ndef leave():\n    json.dumps = lambda *a, **k: 'stolen'\ndef find():\n    return json.dumps(1) == '1'\n")]
    [InlineData("import json\ndef leave():\n    json.left = 1\ndef find():\n    return not hasattr(json, 'left')\n")]
    [InlineData("import json\ndef leave():\n    setattr(json.JSONEncoder, 'left', 1)\ndef find():\n    return not hasattr(json.JSONEncoder, 'left')\n")]
    [InlineData("import phantom.rules as phantom\ndef leave():\n    phantom.act = None\ndef find():\n    return phantom.act is not None\n")]
    [InlineData("from urllib.parse import uses_netloc\ndef leave():\n    uses_netloc.append('left')\ndef find():\n    return 'left' not in uses_netloc\n")]
    [InlineData("import urllib.parse\ndef leave():\n    urllib.parse.uses_netloc.append('left')\ndef find():\n    return 'left' not in urllib.parse.uses_netloc\n")]
    [InlineData("import builtins\ndef leave():\n    builtins.left = 1\ndef find():\n    return not hasattr(builtins, 'left')\n")]
    [InlineData("import sys\ndef leave():\n    sys.path.append('left')\ndef find():\n    return 'left' not in sys.path\n")]
    [InlineData("import sys, types\ndef leave():\n    sys.modules['left'] = types.ModuleType('left')\ndef find():\n    return 'left' not in sys.modules\n")]
    [InlineData("import os\ndef leave():\n    os.environ['LEFT'] = '1'\n    os.putenv('LEFT', '1')\ndef find():\n    return 'LEFT' not in os.environ and os.getenv('LEFT') is None\n")]
    [InlineData("import os\ndef leave():\n    os.mkdir('left')\n    os.chdir('left')\n    open('file', 'w').write('x')\ndef find():\n    return os.listdir('.') == [] and not os.getcwd().endswith('left')\n")]
    [InlineData("import os\ndef leave():\n    os.umask(0)\ndef find():\n    return os.umask(0o077) == 0o077\n")]
    [InlineData("import os\ndef leave():\n    os.dup2(os.open('x', os.O_CREAT | os.O_RDWR), 77)\ndef find():\n    return refused(lambda: os.fstat(77))\n")]
    [InlineData("import os\nkeep = []\ndef leave():\n    keep.append(open('x', 'w'))\n    os.open('y', os.O_CREAT)\ndef find():\n    return not [n for n in range(3, 64) if regular(n)]\n")]
    [InlineData("import threading, time\ndef leave():\n    threading.Thread(target=time.sleep, args=(60,), daemon=True, name='left').start()\ndef find():\n    return 'left' not in [t.name for t in threading.enumerate()]\n")]
    [InlineData("import signal\ndef leave():\n    signal.signal(signal.SIGALRM, lambda *a: None)\ndef find():\n    return signal.getsignal(signal.SIGALRM) is signal.SIG_DFL\n")]
    [InlineData("import signal\ndef leave():\n    signal.alarm(1000)\ndef find():\n    return signal.alarm(0) == 0\n")]
    [InlineData("import atexit\ndef leave():\n    atexit.register(print)\ndef find():\n    return atexit._ncallbacks() == 0\n")]
    [InlineData("import random\ndef leave():\n    random.seed(1)\n    random.random()\ndef find():\n    return random.getstate()[1] != (random.seed(1), random.random(), random.getstate())[2][1]\n")]
    [InlineData("import gc\nclass Left: pass\nring = []\ndef leave():\n    left = Left()\n    left.me = left\n    ring.append(left)\ndef find():\n    return not [o for o in gc.get_objects() if type(o).__name__ == 'Left']\n")]
    [InlineData("import phantom.rules as phantom\ndef leave():\n    phantom.save_run_data('left', 'left')\ndef find():\n    return phantom.get_run_data() == '{}'\n")]
    [InlineData("import requests\ndef leave():\n    requests.get = None\ndef find():\n    return requests.get is not None\n")]
    [InlineData("from phantom import _link\ndef leave():\n    _link.left = 1\ndef find():\n    return not hasattr(_link, 'left')\n")]
    public async Task T07_WhatARunLeaves_TheNextOneDoesNotFind(string source)
    {
        await using var workers = await Workers.Started();
        var whole = source + """

            def refused(act):
                try:
                    act()
                except OSError:
                    return True
                return False
            def regular(number):
                import os, stat
                try:
                    return stat.S_ISREG(os.fstat(number).st_mode)
                except OSError:
                    return False
            """;
        Assert.Equal("true", await workers.Value(whole + "\ndef run():\n    return find()\n"));
        await workers.Value(whole + "\ndef run():\n    leave()\n    return 1\n", key: "same");
        Assert.Equal("true", await workers.Value(whole + "\ndef run():\n    return find()\n", key: "same"));
    }

    [Theory]
    [InlineData("import sys\n")]
    [InlineData("import ctypes\n")]
    [InlineData("from phantom import _link\n")]
    [InlineData("import phantom._link\n")]
    [InlineData("import phantom.rules as phantom\nx = phantom._link\n")]
    [InlineData("x = eval\n")]
    [InlineData("x = ().__class__.__bases__\n")]
    [InlineData("import json\njson.dumps = 1\n")]
    [InlineData("from os import environ\nenviron['x'] = 'y'\n")]
    public async Task T07_APlaybookThatReachesIntoTheInterpreter_IsKnown(string source)
    {
        await using var workers = await Workers.Started();
        Assert.NotEmpty((await workers.Port.Check("a.py", Encoding.UTF8.GetBytes(source), false, TestContext.Current.CancellationToken)).Reaches);
    }

    [Fact]
    public async Task T07_CanaryOfOneRun_IsInNoMemoryOfAnotherPlaybooksChildNorOfTheZygote()
    {
        await using var workers = await Workers.Started();
        var canary = Guid.NewGuid().ToString("N");
        var order = Workers.Order("def run(data):\n    kept = [data] * 1000\n    open('file', 'w').write(data)\n    return len(kept)\n", "a", $"[\"{canary}\"]");
        Assert.IsType<TurnEnd.Returned>(await workers.Run(order));
        var holding = new Holding();
        var other = workers.Run(Workers.Order("import phantom.rules as phantom\ndef run():\n    phantom.get_container(1)\n", "b"), holding);
        await holding.Asked;

        var children = File.ReadAllText($"/proc/{workers.Port.ZygotePid}/task/{workers.Port.ZygotePid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = new List<int>();
        foreach (var pid in children.Append($"{workers.Port.ZygotePid}").Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
        {
            if (Holds(pid, Encoding.ASCII.GetBytes(canary)))
            {
                found.Add(pid);
            }
        }

        // At most the child that served it; neither the zygote nor the other playbook's.
        Assert.DoesNotContain(workers.Port.ZygotePid, found);
        Assert.InRange(found.Count, 0, children.Length - 1);
        holding.LetGo();
        Assert.IsType<TurnEnd.Returned>(await other);
    }

    /// <summary>Whether the bytes are in the process; a process whose memory nobody but root can read holds nothing that somebody could find.</summary>
    private static bool Holds(int pid, byte[] what)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Throws<UnauthorizedAccessException>(() => File.OpenRead($"/proc/{pid}/mem"));
            return false;
        }

        using var memory = File.OpenHandle($"/proc/{pid}/mem");
        var read = 0L;
        foreach (var line in File.ReadLines($"/proc/{pid}/maps").Where(line => line.Split(' ')[1].StartsWith("rw", StringComparison.Ordinal)))
        {
            var range = line.Split(' ')[0].Split('-').Select(end => long.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            var buffer = new byte[range[1] - range[0]];
            var got = RandomAccess.Read(memory, buffer, range[0]);
            read += got;
            if (buffer.AsSpan(0, got).IndexOf(what) >= 0)
            {
                return true;
            }
        }

        Assert.True(read > 1 << 20, $"Only {read} bytes of process {pid} could be read.");
        return false;
    }
}
