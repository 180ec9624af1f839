namespace Samepage.Hostile;

/// <summary>Writes into the files of one epoch's objects, and keeps account of it.</summary>
internal sealed class Attacker : IAttack
{
    private const int Header = 1024, Control = 32 * 1024, Page = 65536, State = 4096, RingStart = 1024;
    private const int LongestLog = 20_000;
    private readonly List<MappedFile> _files = [];
    private readonly List<(MappedFile File, long Offset)> _live = [];
    private readonly List<(MappedFile File, long Offset, byte[] Bytes)> _snapshots = [];
    private readonly List<Mutation> _log = [];
    private readonly Random _random;
    private readonly int _victim;

    public Attacker(string directory, Random random, int victim)
    {
        _random = random;
        _victim = victim;
        if (!Directory.Exists(directory))
            return;
        foreach (string path in Directory.GetFileSystemEntries(directory).Order(StringComparer.Ordinal))
        {
            // A tether: a FIFO, which nobody opens to look.
            if (Path.GetFileName(path).StartsWith('.') || MappedFile.Open(path) is not { } file)
                continue;
            _files.Add(file);
            FindLive(file);
        }
    }

    public bool HasTargets => _live.Count > 0;

    public IReadOnlyList<Mutation> Log => _log;

    /// <summary>The words that are not zero, in the parts where a protocol can lie.</summary>
    private void FindLive(MappedFile file)
    {
        Look(0, Header);
        Look(Page - State, State);
        Look(Page, Control);
        for (long ring = 2 * Page; ring < file.Length; ring += Page)
            Look(ring, RingStart);

        void Look(long start, int length)
        {
            if (start >= file.Length)
                return;
            Span<byte> bytes = file.Bytes(start, (int)Math.Min(length, file.Length - start));
            _snapshots.Add((file, start, bytes.ToArray()));
            for (int i = 0; i + 8 <= bytes.Length; i += 8)
            {
                if (BitConverter.ToInt64(bytes[i..]) != 0)
                    _live.Add((file, start + i));
            }
        }
    }

    public void Mutate(bool transient)
    {
        switch (_random.Next(100))
        {
            case 0:
                Fill();
                return;
            case 1:
                Replay();
                return;
        }
        (MappedFile file, long offset) = Place();
        int width = _random.Next(8) switch { 0 => 1, 1 => 2, 2 or 3 or 4 => 4, _ => 8 };
        offset = offset / width * width + (width == 4 && offset + 8 <= file.Length ? _random.Next(2) * 4 : 0);
        if (offset + width > file.Length)
            return;
        byte[] former = file.Bytes(offset, width).ToArray();
        byte[] bytes = BitConverter.GetBytes(Value(file, offset, former))[..width];
        Write(file, offset, bytes);
        if (!transient)
            return;
        Thread.SpinWait(_random.Next(200));
        Write(file, offset, former);
    }

    public void Apply(Mutation mutation)
    {
        MappedFile? file = _files.Find(f => f.Name == mutation.File) ?? _files.Find(f => f.Length >= mutation.Offset + mutation.Bytes.Length);
        if (file is not null && mutation.Offset + mutation.Bytes.Length <= file.Length)
            file.Write(mutation.Offset, mutation.Bytes);
    }

    private (MappedFile File, long Offset) Place()
    {
        if (_random.Next(10) < 7)
        {
            (MappedFile live, long offset) = _live[_random.Next(_live.Count)];
            offset += 8 * (_random.Next(4) == 0 ? _random.Next(-2, 3) : 0);
            return (live, Math.Clamp(offset, 0, live.Length - 8));
        }
        MappedFile file = _files[_random.Next(_files.Count)];
        long start = _random.Next(6) switch
        {
            0 => _random.Next(Header),
            1 => Page - State + _random.Next(State),
            2 or 3 => Page + _random.Next(Control),
            4 => _random.NextInt64(file.Length),
            _ => _random.NextInt64(file.Length) / Page * Page + _random.Next(RingStart),
        };
        return (file, Math.Clamp(start / 8 * 8, 0, file.Length - 8));
    }

    private long Value(MappedFile file, long offset, byte[] former)
    {
        Span<byte> padded = stackalloc byte[8];
        former.CopyTo(padded);
        long before = BitConverter.ToInt64(padded);
        return _random.Next(16) switch
        {
            0 => 0,
            1 => 1,
            2 => -1,
            3 => _random.Next(2) == 0 ? long.MaxValue : long.MinValue,
            4 => _random.Next(2) == 0 ? int.MaxValue : int.MinValue,
            5 => before ^ 1L << _random.Next(8 * former.Length),
            6 => before + _random.Next(-9, 10),
            7 => before + 8 * _random.Next(-9, 10),
            8 => before + (_random.Next(2) == 0 ? Page : -Page) * _random.Next(1, 4),
            9 => file.Length + _random.Next(-16, 17),
            10 => Page * _random.Next(1, 4) + _random.Next(-16, 17),
            11 => (uint)(_victim + _random.Next(12)) | (_random.Next(2) == 0 ? 0x8000_0000L : 0),
            12 => Another(),
            13 => 1L << _random.Next(64),
            14 => unchecked((uint)_random.Next(64) | (_random.Next(2) == 0 ? 0x8000_0000L : 0xC000_0000L)),
            _ => _random.NextInt64(long.MinValue, long.MaxValue),
        };
    }

    private long Another()
    {
        (MappedFile file, long offset) = _live[_random.Next(_live.Count)];
        return BitConverter.ToInt64(file.Bytes(offset, 8));
    }

    private void Fill()
    {
        (MappedFile file, long offset) = Place();
        byte[] bytes = new byte[Math.Min(8 << _random.Next(9), file.Length - offset)];
        if (_random.Next(3) is int how && how == 0)
            _random.NextBytes(bytes);
        else
            bytes.AsSpan().Fill(how == 1 ? (byte)0 : (byte)0xFF);
        Write(file, offset, bytes);
    }

    /// <summary>A part becomes what it was when the epoch began.</summary>
    private void Replay()
    {
        (MappedFile file, long offset, byte[] bytes) = _snapshots[_random.Next(_snapshots.Count)];
        int start = 0, length = bytes.Length;
        if (_random.Next(3) != 0)
        {
            start = _random.Next(bytes.Length / 8) * 8;
            length = Math.Min(8 << _random.Next(5), bytes.Length - start);
        }
        Write(file, offset + start, bytes[start..(start + length)]);
    }

    private void Write(MappedFile file, long offset, byte[] bytes)
    {
        if (_log.Count < LongestLog)
            _log.Add(new Mutation(file.Name, offset, bytes));
        file.Write(offset, bytes);
    }

    public void Dispose()
    {
        foreach (MappedFile file in _files)
            file.Dispose();
    }
}
