using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Samepage.Hostile;

/// <summary>A victim, seen from its driver: whether it lives, and whether it gets on.</summary>
internal sealed class VictimProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(200);
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly (long Operations, long Since)[] _seen = new (long, long)[ControlPage.Threads + 1];
    private readonly string _root;
    private long _lastLook;

    public VictimProcess(string kind, int seed, long first, long count, bool alwaysAtRest)
    {
        _root = Directory.CreateDirectory($"/dev/shm/samepage-hostile-{Environment.ProcessId}-{Guid.NewGuid():N}").FullName;
        Control = new ControlPage(Path.Combine(_root, "control"), create: true);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["exec", typeof(VictimProcess).Assembly.Location, "victim", kind, Text(seed), Text(first), Text(count), alwaysAtRest ? "rest" : "use", Path.Combine(_root, "control")])
            start.ArgumentList.Add(argument);
        start.Environment["SAMEPAGE_ROOT"] = _root;
        // A length out of an object that becomes an allocation is met here, and not by the machine.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x18000000";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["DOTNET_PerfMapEnabled"] = Environment.GetEnvironmentVariable("SAMEPAGE_HOSTILE_PERFMAP") ?? "0";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public ControlPage Control { get; }

    public int Id => _process.Id;

    /// <summary>Where the objects' files lie: the only directory in the root.</summary>
    public string Objects => Directory.GetDirectories(_root).FirstOrDefault() ?? _root + "/none";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
        {
            if (line.Data is not null && _said.Length < 20_000)
                _said.AppendLine(line.Data);
        }
    }

    /// <summary>What is wrong with it, or null. Asks the system only now and then.</summary>
    public string? Fault()
    {
        long now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_lastLook, now) < _betweenLooks)
            return null;
        _lastLook = now;
        if (_process.HasExited)
            return Control.Stop && _process.ExitCode == 0 ? null : Ended();
        for (int i = 0; i < _seen.Length; i++)
        {
            long operations = i < ControlPage.Threads ? Control.OperationsOf(i) : Control.Epoch + (long)Control.Phase + Control.AllOperations;
            bool busy = i == ControlPage.Threads || operations % 2 != 0;
            if (operations != _seen[i].Operations || !busy)
                _seen[i] = (operations, now);
            else if (_seen[i].Since != 0 && Stopwatch.GetElapsedTime(_seen[i].Since, now) > _patience)
                return $"hangs in \"{(i < ControlPage.Threads ? Control.NameOf(i) : "its loop")}\"; {Threads()}";
        }
        return null;
    }

    private string Threads() => string.Join(", ",
        Enumerable.Range(0, ControlPage.Threads).Where(i => Control.OperationsOf(i) % 2 != 0).Select(i => $"thread {i}: {Control.NameOf(i)}"));

    private string Ended()
    {
        _process.WaitForExit();
        lock (_said)
            return $"ended with {_process.ExitCode} in {Threads()}{Environment.NewLine}{_said}";
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public string? End()
    {
        Control.Stop = true;
        if (!_process.WaitForExit(_patience))
            return $"does not end; {Threads()}";
        _process.WaitForExit();
        return _process.ExitCode == 0 ? null : Ended();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        Control.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
