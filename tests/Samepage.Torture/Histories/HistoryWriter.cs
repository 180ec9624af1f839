using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Samepage.Torture.Histories;

/// <summary>
/// Appends what one thread does to a file that is mapped into memory, so that it is there whatever the thread dies of. Not made with the library that is tested.
/// </summary>
internal sealed unsafe class HistoryWriter : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _capacity;
    private readonly HistoryRecord* _records;
    private int _count;

    /// <param name="capacity">Operations at most.</param>
    public HistoryWriter(string path, int capacity)
    {
        _capacity = capacity;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, null, (long)capacity * sizeof(HistoryRecord));
        _view = _file.CreateViewAccessor();
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _records = (HistoryRecord*)start;
    }

    /// <summary>There is room for a few operations only: whoever writes here should end what it is at.</summary>
    public bool IsFull => _count + 100 > _capacity;

    public void Begin<TCode>(TCode code, long argument = 0) where TCode : struct, Enum => Begin(Convert.ToInt32(code), argument);

    public void Begin(int code, long argument)
    {
        if (_count == _capacity)
            throw new InvalidOperationException("The history has no room left.");
        // SAFETY: the count is below the capacity, for which the file is long enough; the view is mapped until this is disposed.
        HistoryRecord* record = _records + _count;
        record->Code = code;
        record->Argument = argument;
        record->Begin = Stopwatch.GetTimestamp();
        Volatile.Write(ref record->Length, sizeof(HistoryRecord));
    }

    public void End(long result = 0, long detail = 0)
    {
        // SAFETY: as in Begin, which was called before.
        HistoryRecord* record = _records + _count;
        record->Result = result;
        record->Detail = detail;
        Volatile.Write(ref record->End, Stopwatch.GetTimestamp());
        _count++;
    }

    /// <summary>Ends an operation whose argument is known only now.</summary>
    public void End(long argument, long result, long detail)
    {
        // SAFETY: as in Begin, which was called before.
        _records[_count].Argument = argument;
        End(result, detail);
    }

    /// <summary>Something that took no time.</summary>
    public void Note<TCode>(TCode code, long argument, long result = 0, long detail = 0) where TCode : struct, Enum
    {
        Begin(code, argument);
        End(result, detail);
    }

    /// <summary>It failed in a way that leaves open whether it happened: it stays pending.</summary>
    public void LeaveOpen() => _count++;

    /// <summary>Unsays the last begin: what was called did nothing that anybody could see.</summary>
    public void Forget() => Volatile.Write(ref _records[_count].Length, 0);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
