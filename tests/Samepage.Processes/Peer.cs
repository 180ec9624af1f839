using System.Diagnostics;
using System.Globalization;
using Samepage.Testing;

namespace Samepage.Processes;

/// <summary>A running Samepage.Peer: it is told what to do, asked what came of it, and killed.</summary>
internal sealed class Peer : IDisposable
{
    private const int KilledExitCode = 128 + 9;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private Task<string?>? _answer;

    public Peer()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Samepage.Peer");
        // Published for Windows, with the runtime beside it, it is a program; where the tests are built it needs the SDK's runtime.
        ProcessStartInfo start = File.Exists(program + ".exe") ? new(program + ".exe") : new("dotnet", ["exec", program + ".dll"]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        _process = StartedProcess.Of(start);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Runs a command and returns its answer without the leading "ok".</summary>
    public string Do(string command)
    {
        Begin(command);
        return Answer();
    }

    public void Begin(string command) => _process.StandardInput.WriteLine(command);

    /// <summary>The answer to the oldest command that was not answered yet; a hang fails the test.</summary>
    public string Answer() => Answer("ok");

    /// <summary>As <see cref="Answer()"/>, to a command that is refused: the reason, and in what words.</summary>
    public string Refusal() => Answer("error");

    private string Answer(string beginning)
    {
        Task<string?> answer = NextAnswer();
        Assert.True(answer.Wait(_patience), $"the peer did not answer within {_patience}");
        _answer = null;
        Assert.NotNull(answer.Result);
        Assert.StartsWith(beginning, answer.Result, StringComparison.Ordinal);
        return answer.Result[beginning.Length..].TrimStart();
    }

    /// <summary>Of two peers that were told to do something, the one that has an answer first, and the other.</summary>
    public static (Peer Answered, Peer Other) FirstToAnswer(Peer one, Peer two)
    {
        int index = Task.WaitAny([one.NextAnswer(), two.NextAnswer()], _patience);
        Assert.True(index >= 0, $"neither peer answered within {_patience}");
        return index == 0 ? (one, two) : (two, one);
    }

    private Task<string?> NextAnswer() => _answer ??= _process.StandardOutput.ReadLineAsync();

    /// <summary>SIGKILL or TerminateProcess, and the certainty that it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        Assert.True(_process.WaitForExit(_patience));
    }

    /// <summary>Lets it end in good order; what it holds it does not release first.</summary>
    public void Leave()
    {
        _process.StandardInput.Close();
        Assert.True(_process.WaitForExit(_patience));
    }

    /// <summary>Waits until the peer has died at the point it was armed with.</summary>
    public void AssertDiedAtPoint(string point)
    {
        Assert.True(_process.WaitForExit(_patience), $"the peer never came to {point}");
        Assert.Equal(KilledExitCode, _process.ExitCode);
    }

    /// <summary>Waits until the peer has died (true) or its main thread sleeps on a shared wait word.</summary>
    public bool DiedOrSleeps()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < _patience)
        {
            if (_process.HasExited)
                return true;
            if (IsAsleep())
                return false;
            Thread.Yield();
        }
        throw new TimeoutException("the peer neither died nor went to sleep");
    }

    /// <summary>Returns once the peer's main thread sleeps on a shared wait word, as the kernel itself says.</summary>
    public void AssertAsleep() => AssertAsleep(IsAsleep);

    private static void AssertAsleep(Func<bool> isAsleep)
    {
        var clock = Stopwatch.StartNew();
        while (!isAsleep())
        {
            Assert.True(clock.Elapsed < _patience, "the peer never went to sleep");
            Thread.Yield();
        }
    }

    private bool IsAsleep() => IsAsleep(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}"));

    private static bool IsAsleep(string thread)
    {
        try
        {
            // number, then arguments: futex(word, FUTEX_WAIT_BITSET without FUTEX_PRIVATE_FLAG, …), or futex_waitv
            string[] call = File.ReadAllText(thread + "/syscall").Split(' ');
            return call.Length > 2 && (call[0] is "202" or "98" && call[2] == "0x9" || call[0] == "449");
        }
        catch (IOException)
        {
            // It has just died.
            return false;
        }
    }

    /// <summary>Returns once the peer has stopped at the point it was told to.</summary>
    public void AssertStopped()
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/stat");
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < _patience)
        {
            string status = File.ReadAllText(path);
            // pid (program) state …
            if (status[status.LastIndexOf(')') + 2] == 'T')
                return;
            Thread.Yield();
        }
        Assert.Fail("the peer never stopped");
    }

    /// <summary>Begins what stops at this point, and returns once it has.</summary>
    public void StopAt(string point, string command)
    {
        Do($"stop-at {point}");
        Begin(command);
        AssertStopped();
    }

    /// <summary>It goes on where it was stopped, and is done.</summary>
    public string GoOn()
    {
        Continue();
        return Answer();
    }

    /// <summary>It has no answer yet, and gets none as long as others do nothing.</summary>
    public void AssertSilent() => Assert.False(NextAnswer().Wait(PauseScenario.Moment), "the peer has an answer");

    public void Stop()
    {
        Signal("-STOP");
        AssertStopped();
    }

    public void Continue() => Signal("-CONT");

    private void Signal(string which)
    {
        using var signal = Process.Start("kill", [which, Id.ToString(CultureInfo.InvariantCulture)]);
        signal.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
