using System.Runtime.CompilerServices;
using System.Text;
using Samepage;

namespace SharedText;

/// <summary>
/// The start of the section. Behind it lie two copies of the text in alternating chunks, so that both can grow; the current one is copy
/// <c>Version % 2</c>. Storing <see cref="Version"/> is what makes a change: a writer that dies before has changed nothing.
/// </summary>
internal struct Head
{
    public long Version;
    public Lengths Lengths;
    public int Seats;
}

/// <summary>UTF-8 bytes of each copy.</summary>
[InlineArray(2)]
internal struct Lengths
{
    private int _first;
}

/// <summary>The text that all instances share. It lives as long as one of them.</summary>
internal sealed class LiveText : IDisposable
{
    public const string Name = "SharedText";
    private const int ChunkSize = 1 << 16;
    private const long MostBytes = 16 << 20;
    private readonly SharedMutex _mutex = SharedMutex.CreateOrOpen($"{Name}.mutex");
    private readonly SharedMemory _section;
    private readonly MemoryView _view;
    private readonly List<SharedEvent> _bells = [];
    private Seat? _ownSeat;

    public LiveText()
    {
        // Address space for two texts of the greatest length; memory only for what is used. Whoever comes later takes the size that it has.
        _section = SharedMemory.CreateOrOpen(Name, ChunkSize + 2 * MostBytes, new SharedMemoryOptions { Reserve = true, InitialCommit = ChunkSize });
        _view = _section.Map();
    }

    private ref Head Head => ref _view.GetReference<Head>();

    public (long Version, byte[] Text) Read()
    {
        using SharedMutex.Scope scope = _mutex.EnterScope();
        return (Head.Version, Load());
    }

    /// <summary>Changes the text. What others wrote meanwhile is in what <paramref name="edit"/> is given, so nobody's change is lost.</summary>
    public long Change(Func<string, string> edit)
    {
        using SharedMutex.Scope scope = _mutex.EnterScope();
        return Publish(Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(Load()))));
    }

    public long Replace(ReadOnlySpan<byte> text)
    {
        using SharedMutex.Scope scope = _mutex.EnterScope();
        return Publish(text);
    }

    /// <summary>A place among those who are told of changes, for as long as the calling thread lives.</summary>
    public Seat TakeSeat()
    {
        using SharedMutex.Scope scope = _mutex.EnterScope();
        int number = 0;
        SharedMutex life;
        // A seat whose last holder died is as free as one that nobody had.
        while ((life = SharedMutex.CreateOrOpen($"{Name}.seat.{number}")).Wait(TimeSpan.Zero) == WaitResult.TimedOut)
        {
            life.Dispose();
            number++;
        }
        Head.Seats = Math.Max(Head.Seats, number + 1);
        return _ownSeat = new Seat(number, life, Bell(number));
    }

    public void Dispose()
    {
        _bells.ForEach(bell => bell.Dispose());
        _ownSeat?.Life.Dispose();
        _view.Dispose();
        _section.Dispose();
        _mutex.Dispose();
    }

    private long Publish(ReadOnlySpan<byte> text)
    {
        long version = Head.Version + 1;
        Store(version, text);
        // Those who wake come for the mutex, and get it when the new version is there; or when we died half-way, and find the old one.
        for (int seat = 0; seat < Head.Seats; seat++)
        {
            if (seat != _ownSeat?.Number)
                Bell(seat).Set();
        }
        Volatile.Write(ref Head.Version, version);
        return version;
    }

    private void Store(long version, ReadOnlySpan<byte> text)
    {
        long most = (_section.Size - ChunkSize) / 2;
        if (text.Length > most)
            throw new InvalidOperationException($"The text would have {text.Length:N0} bytes; there is room for {most:N0}.");
        _section.Commit(OffsetOf((text.Length + ChunkSize - 1) / ChunkSize, 0));
        Head.Lengths[(int)(version & 1)] = text.Length;
        for (int chunk = 0; !text.IsEmpty; chunk++)
        {
            int part = Math.Min(text.Length, ChunkSize);
            text[..part].CopyTo(_view.GetSpan(OffsetOf(chunk, version), part));
            text = text[part..];
        }
    }

    private byte[] Load()
    {
        long version = Head.Version;
        byte[] text = new byte[Math.Clamp(Head.Lengths[(int)(version & 1)], 0, _section.Size / 2)];
        for (int chunk = 0; chunk * (long)ChunkSize < text.Length; chunk++)
        {
            int part = Math.Min(text.Length - chunk * ChunkSize, ChunkSize);
            _view.GetReadOnlySpan(OffsetOf(chunk, version), part).CopyTo(text.AsSpan(chunk * ChunkSize));
        }
        return text;
    }

    private static long OffsetOf(int chunk, long version) => (1 + 2L * chunk + (version & 1)) * ChunkSize;

    private SharedEvent Bell(int seat)
    {
        while (_bells.Count <= seat)
            _bells.Add(SharedEvent.CreateOrOpen($"{Name}.bell.{_bells.Count}", EventResetMode.AutoReset));
        return _bells[seat];
    }
}

/// <summary>One of those who are told of changes.</summary>
/// <param name="Number">Where it stands in the row.</param>
/// <param name="Life">Held by its owner for life: while it is, nobody else takes the seat.</param>
/// <param name="Changed">Rung by everyone who changes the text, except the owner.</param>
internal sealed record Seat(int Number, SharedMutex Life, SharedEvent Changed);
