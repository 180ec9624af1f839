using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Samepage.Cli.Tests;

/// <summary>The tool as a process: what it prints is gathered as it comes.</summary>
internal sealed class Running : IDisposable
{
    /// <summary>Far more than anything here takes: only what hangs gets there.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Gathered _out;
    private readonly Gathered _error;

    static Running() => InterruptSignal.BeDeliverable();

    public Running(string program, string root, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = root,
        };
        start.Environment["SAMEPAGE_ROOT"] = root;
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _out = new Gathered(_process.StandardOutput.BaseStream);
        _error = new Gathered(_process.StandardError.BaseStream);
    }

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public string Error => Encoding.UTF8.GetString(_error.Bytes);

    /// <summary>Waits until the output contains a text.</summary>
    public Running After(string text)
    {
        if (!_out.WaitFor(bytes => Encoding.UTF8.GetString(bytes).Contains(text, StringComparison.Ordinal), _patience))
            throw new InvalidOperationException($"\"{text}\" did not come. Output: {Encoding.UTF8.GetString(_out.Bytes)} Error: {Error}");
        return this;
    }

    public void Signal(int number) => Assert.Equal(0, Kill(Id, number));

    public Outcome Interrupt()
    {
        Signal(2);
        return End();
    }

    /// <summary>The process's own end.</summary>
    public Outcome End()
    {
        if (!_process.WaitForExit(_patience))
        {
            _process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"It does not end. Output: {Encoding.UTF8.GetString(_out.Bytes)} Error: {Error}");
        }
        return new Outcome(_process.ExitCode, _out.ToEnd(_patience), Encoding.UTF8.GetString(_error.ToEnd(_patience)));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    /// <summary>A stream read to its end by a thread of its own.</summary>
    private sealed class Gathered
    {
        private readonly object _gate = new();
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private readonly Thread _reader;
        private bool _ended;

        public Gathered(Stream source)
        {
            _reader = new Thread(() => Read(source)) { IsBackground = true };
            _reader.Start();
        }

        public byte[] Bytes
        {
            get
            {
                lock (_gate)
                    return _bytes.WrittenSpan.ToArray();
            }
        }

        public byte[] ToEnd(TimeSpan patience) => _reader.Join(patience) ? Bytes : throw new InvalidOperationException("The output stays open.");

        public bool WaitFor(Func<byte[], bool> condition, TimeSpan patience)
        {
            long started = Stopwatch.GetTimestamp();
            lock (_gate)
            {
                while (!condition(_bytes.WrittenSpan.ToArray()))
                {
                    TimeSpan left = patience - Stopwatch.GetElapsedTime(started);
                    if (_ended || left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                        return false;
                }
            }
            return true;
        }

        private void Read(Stream source)
        {
            byte[] buffer = new byte[1 << 16];
            int count;
            do
            {
                count = source.Read(buffer);
                lock (_gate)
                {
                    _bytes.Write(buffer.AsSpan(0, count));
                    _ended = count == 0;
                    Monitor.PulseAll(_gate);
                }
            }
            while (count > 0);
        }
    }
}

/// <summary>How a process ended.</summary>
internal sealed record Outcome(int Code, byte[] Bytes, string Error)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
