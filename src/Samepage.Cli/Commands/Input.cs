using Microsoft.Win32.SafeHandles;

namespace Samepage.Cli.Commands;

/// <summary>Where <c>write</c> takes its bytes from.</summary>
internal sealed class Input : IDisposable
{
    private readonly Stream _stream;
    private readonly byte[]? _buffer;

    public Input(string? path)
    {
        _stream = path is null ? OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        if (_stream.CanSeek)
            Length = _stream.Length - _stream.Position;
        else
            _buffer = new byte[64 << 10];
    }

    /// <summary>How much there is; null for a pipe, which does not say.</summary>
    public long? Length { get; }

    public int Read(Span<byte> target, CancellationToken ended)
    {
        if (_buffer is null)
            return _stream.Read(target);
        // A read of a pipe may last for ever and cannot be called off: it goes into a buffer of its own, and Ctrl+C leaves it behind.
        Task<int> pending = _stream.ReadAsync(_buffer.AsMemory(0, Math.Min(target.Length, _buffer.Length)), CancellationToken.None).AsTask();
        _ = Task.WaitAny([pending], ended);
        int count = pending.GetAwaiter().GetResult();
        _buffer.AsSpan(0, count).CopyTo(target);
        return count;
    }

    public bool IsAtEnd(CancellationToken ended)
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one, ended) == 0;
    }

    public void Dispose() => _stream.Dispose();

    // The console's own stream does not know that its input is a file, and how long it is.
    private static Stream OpenStandardInput()
    {
        if (!OperatingSystem.IsWindows() && Console.IsInputRedirected)
        {
            var direct = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
            if (direct.CanSeek)
                return direct;
        }
        return Console.OpenStandardInput();
    }
}
