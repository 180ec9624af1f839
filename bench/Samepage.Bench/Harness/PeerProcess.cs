using System.ComponentModel;
using System.Diagnostics;

namespace Samepage.Bench.Harness;

/// <summary>A child that measures: it answers each line with one line, <c>value allocatedBytes</c>, and ends with its standard input.</summary>
internal sealed class PeerProcess : IDisposable
{
    /// <summary>Far more than any round lasts: a peer that is silent for so long is stuck, and that is a fault, not a time.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _description;

    private PeerProcess(Process process, string description, WarmUp warmUp)
    {
        _process = process;
        _description = description;
        WarmUp = warmUp;
    }

    /// <summary>Of who is measured by it.</summary>
    public WarmUp WarmUp { get; }

    /// <summary>A program of bench/reference.</summary>
    public static PeerProcess Reference(string path, int? core, params string[] arguments) =>
        Start(new ProcessStartInfo(path, arguments), core, WarmUp.Size);

    /// <summary>This program in the role of a peer.</summary>
    /// <param name="core">Where it runs.</param>
    /// <param name="processorCount">
    /// What the runtime takes for the number of processors: a pinned process would see one only, and with one the library doesn't spin.
    /// </param>
    /// <param name="arguments">The role and what it needs.</param>
    public static PeerProcess Own(int? core, int processorCount, params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] all = [.. isHost ? new[] { Environment.GetCommandLineArgs()[0] } : [], PeerLoop.Verb, .. arguments];
        return Managed(program, core, processorCount, all);
    }

    /// <summary>A program of .NET; a word on <paramref name="processorCount"/> is at <see cref="Own"/>.</summary>
    public static PeerProcess Managed(string path, int? core, int processorCount, params string[] arguments)
    {
        var start = new ProcessStartInfo(path, arguments);
        start.Environment["DOTNET_PROCESSOR_COUNT"] = processorCount.ToString();
        return Start(start, core, WarmUp.Compiler);
    }

    /// <summary>What it has used so far, as the system tells it.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public void Send(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"The peer \"{_description}\" is gone: {e.Message}", e);
        }
    }

    public (long Value, long AllocatedBytes) Receive()
    {
        string[] parts = ReadLine().Split(' ');
        return (long.Parse(parts[0]), long.Parse(parts[1]));
    }

    /// <summary>What it answers to <c>times N</c>.</summary>
    public Percentiles ReceivePercentiles() => Percentiles.Parse(ReadLine());

    /// <summary>As if the power had failed.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already, with a line of ours unread.
        }
        if (!_process.WaitForExit(TimeSpan.FromSeconds(2)))
            _process.Kill();
        _process.Dispose();
    }

    private static PeerProcess Start(ProcessStartInfo start, int? core, WarmUp warmUp)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        Process process = Process.Start(start)!;
        var peer = new PeerProcess(process, $"{Path.GetFileName(start.FileName)} {string.Join(' ', start.ArgumentList)}", warmUp);
        try
        {
            if (core is { } one)
                Processors.Pin(process, one);
            if (peer.ReadLine() is not PeerLoop.Ready and var other)
                throw new InvalidOperationException($"The peer \"{peer._description}\" began with \"{other}\".");
            return peer;
        }
        catch (Win32Exception e)
        {
            peer.Dispose();
            throw new InvalidOperationException($"The peer \"{peer._description}\" could not be pinned to processor {core}: {e.Message}", e);
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    private string ReadLine()
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        if (!line.Wait(_patience))
        {
            _process.Kill();
            throw new TimeoutException($"The peer \"{_description}\" has not answered for {_patience.TotalSeconds:0} seconds.");
        }
        return line.Result ?? throw new InvalidOperationException($"The peer \"{_description}\" ended without an answer.");
    }
}
