using System.Text;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers.Tests;

public class EscapeTests
{
    public static TheoryData<string> Attempts { get; } =
    [
        "open('/etc/shadow').read()",
        "open('/etc/passwd').read()",
        "open('/proc/1/environ').read()",
        "open('/tmp/vedette-escaped', 'w')",
        "__import__('socket').socket(2, 1)",
        "__import__('socket').socket(10, 1)",
        "__import__('socket').socket(2, 2)",
        "__import__('socket').socket(1, 1)",
        "__import__('os').execv('/bin/true', ['true'])",
        "__import__('os').fork()",
        "__import__('os').kill(1, 0)",
        "__import__('os').chmod('.', 0o777)",
        "__import__('os').mkfifo('x')",
        "__import__('os').listdir('/proc')",
        "__import__('os').listdir('/tmp')",
        "__import__('os').listdir('..')",
        "__import__('os').mkdir('../beside')",
        "open('/proc/self/mem', 'rb').read(1)",
        "open('/proc/self/environ').read()",
        "open('/proc/thread-self/maps').read()",
        "open('/proc/%d/maps' % __import__('os').getppid()).read()",
        "open('/proc/%d/root/etc/passwd' % __import__('os').getpid()).read()",
        "open('/proc/%d/fd/0' % __import__('os').getppid())",
        "open('/dev/mem', 'rb')",
        "open('/sys/kernel/notes', 'rb')",
        "open('/dev/shm/vedette-escaped', 'w')",
        "open('/var/tmp/vedette-escaped', 'w')",
        "open(__import__('os').__file__, 'a')",
        "open(__import__('phantom').__file__, 'a')",
        "__import__('os').unlink(__import__('phantom').__file__)",
        "__import__('os').symlink('/etc/passwd', 'link') or open('link').read()",
        "__import__('os').symlink('..', 'up') or __import__('os').listdir('up')",
        "__import__('os').link('/etc/passwd', 'link') or open('link').read()",
        "open('mine', 'w').write('x') and __import__('os').rename('mine', '/tmp/vedette-escaped')",
        "open('mine', 'w').write('x') and __import__('os').link('mine', '../vedette-escaped')",
        "__import__('os').truncate('/etc/hostname', 0)",
        "__import__('os').open('/etc/passwd', 0, dir_fd=__import__('os').open('.', 0o10000000))",
        "__import__('os').chroot('.')",
        "__import__('os').setuid(0 if __import__('os').getuid() else 1)",
        "__import__('socket').socket(16, 3)",
        "__import__('socket').socket(17, 3)",
        "__import__('socket').socket(38, 5)",
        "__import__('socket').socket(40, 1)",
        "__import__('socket').socket(10, 2)",
        "__import__('socket').socket(1, 2)",
        "__import__('socket').socketpair()",
        "__import__('phantom')._link.turn._channel._socket.connect('\\0abstract')",
        "__import__('phantom')._link.turn._channel._socket.sendmsg([b''], [(1, 1, b'\\0\\0\\0\\0')])",
        "__import__('os').posix_spawn('/bin/true', ['true'], {})",
        "__import__('subprocess').run(['/bin/true'])",
        "__import__('subprocess').run([__import__('sys').executable or '/usr/bin/python3', '-c', ''])",
        "__import__('pty').fork()",
        "__import__('os').execve(copied('/usr/bin/python3'), ['x'], {})",
        "__import__('os').chmod(written('x'), 0o700) or __import__('os').execv('./x', ['x'])",
        "__import__('ctypes').CDLL('./' + written('x.so'))",
        "__import__('os').kill(__import__('os').getppid(), 9)",
        "__import__('os').kill(-1, 9)",
        "__import__('os').killpg(__import__('os').getpgid(0), 15)",
        "__import__('os').pidfd_open(1)",
        "__import__('os').setpriority(0, 1, 5)",
        "__import__('os').sched_setaffinity(1, [0])",
        "__import__('resource').prlimit(1, 0)",
        "__import__('resource').prlimit(1, 0, (1, 1))",
    ];

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task T05_WhatLeadsOutIsRefused(string attempt)
    {
        await using var workers = await Workers.Started();
        var value = await workers.Value(Attempting(attempt));
        Assert.Equal("\"refused\"", value);
    }

    /// <summary>No measure is the only one: with any of them off, the probes say that something is open and nothing runs, or all of the above is refused as before.</summary>
    [Theory]
    [InlineData("namespaces")]
    [InlineData("user")]
    [InlineData("no_new_privs")]
    [InlineData("capabilities")]
    [InlineData("not_dumpable")]
    [InlineData("limits")]
    [InlineData("landlock")]
    [InlineData("seccomp")]
    public async Task T05_EachMeasureOffByItself_NothingRunsOrNothingLeadsOut(string measure)
    {
        await using var workers = await Workers.Started(new WorkerOptions { Without = [measure] });
        var sandbox = workers.Port.Sandbox;
        if (!sandbox.Holds)
        {
            Assert.Matches("^(Not denied: |The Python workers could not be started)", sandbox.Sentence);
            Assert.Equal(LossKind.NotStarted, Assert.IsType<TurnEnd.Lost>(await workers.Run(Workers.Order("def run(): pass\n"))).Kind);
            return;
        }

        // Who has no rights to give up does not become another user in the first place.
        Assert.Contains(measure == "user" && !Environment.IsPrivilegedProcess ? "full" : measure, sandbox.Level, StringComparison.Ordinal);
        List<string> possible = [];
        foreach (var attempt in Attempts)
        {
            var end = await workers.Run(Workers.Order(Attempting(attempt.Data)));
            if (end is not TurnEnd.Returned returned || Encoding.UTF8.GetString(returned.Value.Span) != "\"refused\"")
            {
                possible.Add($"{attempt.Data}: {end}");
            }
        }

        Assert.Empty(possible);
    }

    /// <summary>Straight to the kernel, past every library: with arguments of nothing, so whatever is let through says something else than no.</summary>
    [Fact]
    public async Task T05_RawSystemCallsAreRefused()
    {
        await using var workers = await Workers.Started();
        var value = await workers.Value("""
            import ctypes, errno, os
            CALLS = {'x86_64': {
                'socket': 41, 'socketpair': 53, 'connect': 42, 'bind': 49, 'listen': 50, 'accept': 43, 'sendmsg': 46, 'execve': 59, 'execveat': 322,
                'fork': 57, 'vfork': 58, 'ptrace': 101, 'kill': 62, 'tgkill': 234, 'rt_sigqueueinfo': 129, 'process_vm_readv': 310, 'process_vm_writev': 311,
                'userfaultfd': 323, 'bpf': 321, 'mount': 165, 'umount2': 166, 'pivot_root': 155, 'chroot': 161, 'unshare': 272, 'setns': 308,
                'keyctl': 250, 'add_key': 248, 'request_key': 249, 'perf_event_open': 298, 'open_by_handle_at': 304, 'name_to_handle_at': 303,
                'init_module': 175, 'finit_module': 313, 'kexec_load': 246, 'reboot': 169, 'acct': 163, 'fanotify_init': 300, 'mknodat': 259,
                'prctl': 157, 'seccomp': 317, 'kcmp': 312, 'shmget': 29, 'msgget': 68, 'modify_ldt': 154, 'personality': 135},
             'aarch64': {
                'socket': 198, 'socketpair': 199, 'connect': 203, 'bind': 200, 'listen': 201, 'accept': 202, 'sendmsg': 211, 'execve': 221, 'execveat': 281,
                'ptrace': 117, 'kill': 129, 'tgkill': 131, 'rt_sigqueueinfo': 138, 'process_vm_readv': 270, 'process_vm_writev': 271,
                'userfaultfd': 282, 'bpf': 280, 'mount': 40, 'umount2': 39, 'pivot_root': 41, 'chroot': 51, 'unshare': 97, 'setns': 268,
                'keyctl': 219, 'add_key': 217, 'request_key': 218, 'perf_event_open': 241, 'open_by_handle_at': 265, 'name_to_handle_at': 264,
                'init_module': 105, 'finit_module': 273, 'kexec_load': 104, 'reboot': 142, 'acct': 89, 'fanotify_init': 262, 'mknodat': 33,
                'prctl': 167, 'seccomp': 277, 'kcmp': 272, 'shmget': 194, 'msgget': 186, 'personality': 92}}[os.uname().machine]
            CALLS.update({
                'io_uring_setup': 425, 'io_uring_enter': 426, 'io_uring_register': 427, 'open_tree': 428, 'move_mount': 429, 'fsopen': 430, 'fsmount': 432,
                'pidfd_open': 434, 'clone3': 435, 'pidfd_getfd': 438, 'pidfd_send_signal': 424, 'mount_setattr': 442, 'landlock_create_ruleset': 444,
                'process_madvise': 440, 'process_mrelease': 448, 'memfd_secret': 447, 'a call of the next kernel': 463, 'the 32-bit numbers': 0x40000000 + 41})
            def run():
                libc = ctypes.CDLL(None, use_errno=True)
                let_through = []
                for name, number in CALLS.items():
                    if libc.syscall(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
                        let_through.append(name)
                return [len(CALLS), let_through]
            """);
        Assert.EndsWith(",[]]", value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T05_FilesOfTheServerAndOfAnotherRun_AreNotReached()
    {
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        try
        {
            var secret = Path.Combine(folder, "vedette.db");
            await File.WriteAllTextAsync(secret, "canary", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            await using var workers = await Workers.Started(new WorkerOptions { Canary = secret });
            // The other run holds its folder open and waits in the middle of its turn.
            var holding = new Holding();
            var other = workers.Run(
                Workers.Order("import os\nimport phantom.rules as phantom\ndef run():\n    open('theirs', 'w').write('canary')\n    phantom.get_container(os.getcwd())\n", "other"),
                holding);
            var theirs = Path.Combine(System.Text.Json.JsonDocument.Parse(await holding.Asked).RootElement.GetProperty("container_id").GetString()!, "theirs");
            Assert.True(File.Exists(theirs), theirs);

            var value = await workers.Value($$"""
                import os
                def refused(act):
                    try:
                        act()
                    except OSError:
                        return True
                    return False
                def run():
                    return [
                        refused(lambda path=path, mode=mode: open(path, mode)) for path in ({{Quoted(secret)}}, {{Quoted(theirs)}}, {{Quoted(folder + "/new")}}, {{Quoted(theirs + "2")}}) for mode in ('r', 'w')
                    ] + [refused(lambda: os.listdir({{Quoted(folder)}})), refused(lambda: os.listdir(os.path.dirname({{Quoted(theirs)}})))]
                """);
            Assert.Equal("[" + string.Join(',', Enumerable.Repeat("true", 10)) + "]", value);
            holding.LetGo();
            Assert.IsType<TurnEnd.Returned>(await other);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>All of the above once more as somebody who has no rights to give up: there the kernel has to grant namespaces, or say that it does not.</summary>
    [Fact(Timeout = 300_000)]
    public async Task T05_AsAnOrdinaryUserTheSameHolds()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            // Then every test of this class has run as one.
            await using var workers = await Workers.Started();
            Assert.True(workers.Port.Sandbox.Holds, workers.Port.Sandbox.Sentence);
            return;
        }

        var home = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        File.SetUnixFileMode(home, (UnixFileMode)0b111_111_111);
        var start = new System.Diagnostics.ProcessStartInfo(
            "setpriv",
            ["--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", typeof(EscapeTests).Assembly.Location, "-class", typeof(EscapeTests).FullName!, "-noColor", "-parallel", "none"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = home,
        };
        start.Environment["HOME"] = home;
        start.Environment["TMPDIR"] = home;
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0 && output.Contains("Failed: 0", StringComparison.Ordinal), output);
        Directory.Delete(home, recursive: true);
    }

    private delegate int Duplicate(int number);

    [Fact]
    public async Task T05_DescriptorsThatTheServerInherited_AreNotHandedOn()
    {
        var file = Path.GetTempFileName();
        using var opened = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        // A copy made by the C library survives the start of a program, as those of a shell do.
        var duplicate = System.Runtime.InteropServices.Marshal.GetDelegateForFunctionPointer<Duplicate>(
            System.Runtime.InteropServices.NativeLibrary.GetExport(System.Runtime.InteropServices.NativeLibrary.Load("libc.so.6"), "dup"));
        using var inherited = new Microsoft.Win32.SafeHandles.SafeFileHandle(duplicate((int)opened.DangerousGetHandle()), ownsHandle: true);
        Assert.False(inherited.IsInvalid);
        await using var workers = await Workers.Started();
        var value = await workers.Value("""
            import os, stat
            def run():
                found = []
                for number in range(3, 4096):
                    try:
                        kind = os.fstat(number).st_mode
                    except OSError:
                        continue
                    if not stat.S_ISCHR(kind) and not stat.S_ISSOCK(kind):
                        found.append(number)
                return found
            """);
        Assert.Equal("[]", value);
        File.Delete(file);
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

    private static string Attempting(string attempt) => Tools + $"def run():\n    try:\n        {attempt}\n    except OSError as error:\n        return 'refused'\n    return 'possible'\n";

    private const string Tools = """
        def written(name):
            with open(name, 'wb') as file:
                file.write(b'\\x7fELF' + b'\\0' * 60)
            return name
        def copied(path):
            import os
            number = os.memfd_create('x')
            with open(path, 'rb') as program:
                os.write(number, program.read())
            return number

        """;

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    // The playbook takes the worker's own connection and speaks for itself.
    private const string Raw = "def run():\n    from phantom import _link\n    s = _link.turn._channel._socket\n"
        + "    def send(b): s.sendall(len(b).to_bytes(4, 'little') + b)\n";
}
