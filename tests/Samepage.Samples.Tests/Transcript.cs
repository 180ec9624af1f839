using System.Buffers;
using System.Text;

namespace Samepage.Samples.Tests;

/// <summary>All that a process has written to one of its streams so far, and a way to wait for more.</summary>
internal sealed class Transcript
{
    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly string _what;
    private bool _ended;

    public Transcript(Stream stream, string what)
    {
        _what = what;
        new Thread(() => Copy(stream)) { IsBackground = true }.Start();
    }

    public string Text => Encoding.UTF8.GetString(Bytes);

    public byte[] Bytes
    {
        get
        {
            lock (_written)
                return _written.WrittenSpan.ToArray();
        }
    }

    /// <summary>Waits until the text is as wished.</summary>
    public void WaitFor(Func<string, bool> isThere)
    {
        DateTime deadline = DateTime.UtcNow + Sample.Patience;
        lock (_written)
        {
            while (!isThere(Text))
            {
                TimeSpan left = deadline - DateTime.UtcNow;
                if (_ended || left <= TimeSpan.Zero || !Monitor.Wait(_written, left))
                    Assert.Fail($"{_what} {(_ended ? "ended" : "came no further")} at \"{Text}\".");
            }
        }
    }

    public void WaitFor(string part) => WaitFor(text => text.Contains(part, StringComparison.Ordinal));

    /// <summary>Waits for the end of the stream.</summary>
    public byte[] ToEnd()
    {
        lock (_written)
        {
            while (!_ended)
                Assert.True(Monitor.Wait(_written, Sample.Patience), $"{_what} did not end.");
        }
        return Bytes;
    }

    private void Copy(Stream stream)
    {
        byte[] buffer = new byte[1 << 16];
        int count;
        do
        {
            count = stream.Read(buffer);
            lock (_written)
            {
                _written.Write(buffer.AsSpan(0, count));
                _ended = count == 0;
                Monitor.PulseAll(_written);
            }
        }
        while (count > 0);
    }
}
