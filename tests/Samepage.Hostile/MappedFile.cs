using System.IO.MemoryMappedFiles;

namespace Samepage.Hostile;

/// <summary>An object's file as another program maps it, that knows nothing of the library.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;

    private MappedFile(FileStream stream)
    {
        Name = Path.GetFileName(stream.Name);
        Length = stream.Length;
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
    }

    public string Name { get; }

    public long Length { get; }

    /// <summary>Null: it is gone, or is no file that can be mapped.</summary>
    public static MappedFile? Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
            return stream.Length == 0 ? null : new MappedFile(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public Span<byte> Bytes(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new Span<byte>(_bytes + offset, length);
    }

    /// <summary>In one store where it is a word, as a program would.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Span<byte> place = Bytes(offset, bytes.Length);
        fixed (byte* p = place)
        {
            if (bytes.Length == 8 && offset % 8 == 0)
                Volatile.Write(ref *(long*)p, BitConverter.ToInt64(bytes));
            else if (bytes.Length == 4 && offset % 4 == 0)
                Volatile.Write(ref *(int*)p, BitConverter.ToInt32(bytes));
            else
                bytes.CopyTo(place);
        }
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
