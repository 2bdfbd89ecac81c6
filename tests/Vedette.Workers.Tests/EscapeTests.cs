using System.Text;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers.Tests;

public class EscapeTests
{
    [Theory]
    [InlineData("open('/etc/shadow').read()")]
    [InlineData("open('/etc/passwd').read()")]
    [InlineData("open('/proc/1/environ').read()")]
    [InlineData("open('/tmp/vedette-escaped', 'w')")]
    [InlineData("__import__('socket').socket(2, 1)")]
    [InlineData("__import__('socket').socket(10, 1)")]
    [InlineData("__import__('socket').socket(2, 2)")]
    [InlineData("__import__('socket').socket(1, 1)")]
    [InlineData("__import__('os').execv('/bin/true', ['true'])")]
    [InlineData("__import__('os').fork()")]
    [InlineData("__import__('os').kill(1, 0)")]
    [InlineData("__import__('os').chmod('.', 0o777)")]
    [InlineData("__import__('os').mkfifo('x')")]
    public async Task T05_WhatLeadsOutIsRefused(string attempt)
    {
        await using var workers = await Workers.Started();
        var value = await workers.Value($"def run():\n    try:\n        {attempt}\n    except OSError as error:\n        return 'refused'\n    return 'possible'\n");
        Assert.Equal("\"refused\"", value);
    }

    [Fact]
    public async Task T05_TheEnvironmentIsEmpty()
    {
        await using var workers = await Workers.Started();
        Assert.Equal("{\"TZ\":\"UTC\"}", await workers.Value("import os\ndef run():\n    return dict(os.environ)\n"));
    }

    [Fact]
    public async Task T05_WithoutLandlockTheStartIsRefused()
    {
        await using var workers = await Workers.Started(new WorkerOptions { Without = ["landlock", "namespaces", "user"] });
        Assert.False(workers.Port.Sandbox.Holds);
        Assert.Equal(LossKind.NotStarted, Assert.IsType<TurnEnd.Lost>(await workers.Run(Workers.Order("def run(): pass\n"))).Kind);
    }

    [Theory]
    [InlineData("s.sendall(b'\\xff\\xff\\xff\\xff')", "announced")]
    [InlineData("send(b'{\"c\":\"x\",\"a\":' + b'{\"a\":' * 5000 + b'1' + b'}' * 5001)", "depth")]
    [InlineData("while True: send(b'{\"l\":[[10,\"x\"]]}')", "log lines")]
    [InlineData("while True: send(b'{\"t\":\"save_run_data\",\"a\":{}}')", "calls")]
    [InlineData("send(b'{\"t\":\"x\",\"a\":{\"y\":\"\\\\ud800\"}}')", "half a character")]
    [InlineData("send(b'\\xff\\xfe')", "UTF-8")]
    [InlineData("send(b'[]')", "object")]
    [InlineData("send(b'{\"run\":7}')", "kind")]
    public async Task T06_AWorkerThatLiesIsEnded(string attempt, string sentence)
    {
        await using var workers = await Workers.Started();
        var lost = Assert.IsType<TurnEnd.Lost>(await workers.Run(Workers.Order(Raw + "    " + attempt + "\n    import time\n    time.sleep(30)\n")));
        Assert.Equal(LossKind.Breach, lost.Kind);
        Assert.Contains(sentence, lost.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T06_WhatComesAfterTheTurnIsDropped()
    {
        await using var workers = await Workers.Started();
        var calls = new Recorder();
        var order = Workers.Order(Raw + "    s.sendall(b''.join(len(b).to_bytes(4, 'little') + b for b in (b'{\"r\":1}', b'{\"t\":\"late\",\"a\":{}}')))\n    import time\n    time.sleep(30)\n");
        var end = Assert.IsType<TurnEnd.Returned>(await workers.Run(order, calls));
        Assert.Equal("1", Encoding.UTF8.GetString(end.Value.Span));
        Assert.Empty(calls.Tells);
        Assert.Equal("2", await workers.Value("def run():\n    return 2\n"));
    }

    // The playbook takes the worker's own connection and speaks for itself.
    private const string Raw = "def run():\n    from phantom import _link\n    s = _link.turn._channel._socket\n"
        + "    def send(b): s.sendall(len(b).to_bytes(4, 'little') + b)\n";
}
