using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Samepage.Layout;
using Samepage.Testing;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux;

/// <summary>Whatever lies in an object's file: every operation works or is refused in good order.</summary>
public sealed class CorruptionTests
{
    private static readonly int[] _fields = [0, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 64, 72, 80, 88, 96, 100, 104, 108, 128, 912];
    private static readonly int[] _words = [StateBlock.ClaimRecordOffset, StateBlock.ClaimRecordOffset + 8, StateBlock.ClaimRecordOffset + 14, StateBlock.ClaimOffset + 4, StateBlock.MaximumOffset, StateBlock.MaximumOffset + 4, StateBlock.WaitWordOffset, StateBlock.SecondHalfOffset];
    private static readonly uint[] _values = [0, 1, 2, 3, 4, 5, 7, 8, 15, 255, 4095, 4096, 50_000, 65535, 65536, 0x4000_0000, 0x7FFF_FFFF, 0x8000_0000, 0xC000_0000, 0xFFFF_FFFF];

    /// <summary>One spoiled place: 4 bytes of a header field or of the state, or one byte anywhere.</summary>
    private sealed record Spoil(int Offset, uint Value, bool SingleByte);

    private static readonly Gen<Spoil> _spoil = Gen.OneOf(
        from offset in Gen.Elements(_fields)
        from value in Gen.Elements(_values)
        select new Spoil(offset, value, false),
        from offset in Gen.Elements(_words)
        from value in Gen.Elements(_values)
        select new Spoil(offset, value, false),
        from offset in Gen.Choose(0, SegmentHeader.Length - 1)
        from value in Gen.Choose(0, 255)
        select new Spoil(offset, (uint)value, true),
        from offset in Gen.Elements(_fields)
        from high in Gen.Choose(0, 65535)
        from low in Gen.Choose(0, 65535)
        select new Spoil(offset, (uint)high << 16 | (uint)low, false));

    /// <summary>The files of five live objects, one of each shape, and the names in them.</summary>
    private static readonly (string Name, byte[] Content)[] _originals = MakeOriginals();

    [Fact]
    public void A_spoiled_header_or_state_is_refused_or_harmless()
    {
        Arbitrary<(int, Spoil[])> cases = (
            from which in Gen.Choose(0, _originals.Length - 1)
            from count in Gen.Choose(1, 3)
            from spoils in _spoil.ArrayOf(count)
            select (which, spoils)).ToArbitrary();
        Prop.ForAll(cases, ((int Which, Spoil[] Spoils) c) =>
        {
            (string name, byte[] original) = _originals[c.Which];
            byte[] content = [.. original];
            foreach (Spoil spoil in c.Spoils)
            {
                if (spoil.SingleByte)
                    content[spoil.Offset] = (byte)spoil.Value;
                else if (spoil.Offset + 4 <= content.Length)
                    BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(spoil.Offset), spoil.Value);
            }
            TryEverything(name, content);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(1_500));
    }

    [Fact]
    public void Every_header_field_with_every_telling_value_is_refused_or_harmless()
    {
        foreach ((string name, byte[] original) in _originals)
        {
            foreach (int field in _fields.Concat(_words))
            {
                foreach (uint value in _values)
                {
                    byte[] content = [.. original];
                    BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(field), value);
                    TryEverything(name, content);
                }
            }
        }
    }

    [Fact]
    public void A_file_of_any_other_length_is_refused_or_harmless()
    {
        foreach ((string name, byte[] original) in _originals)
        {
            foreach (int length in new[] { 0, 1, 7, 8, 12, 1023, 1024, 4095, 4096, 65519, 65528, 65535, 65536, 65537, 69_999, 131_072, 200_000 })
            {
                var content = new byte[length];
                original.AsSpan(0, Math.Min(length, original.Length)).CopyTo(content);
                TryEverything(name, content);
            }
            TryEverything(name, new byte[original.Length]);
            TryEverything(name, Enumerable.Repeat((byte)0xFF, original.Length).ToArray());
        }
    }

    [Fact]
    public void A_header_of_another_kind_and_flags_is_refused_or_harmless()
    {
        foreach ((string name, byte[] original) in _originals)
        {
            for (uint kind = 0; kind <= 11; kind++)
            {
                for (uint flags = 0; flags <= 16; flags++)
                {
                    foreach (uint pathLength in new uint[] { 0, 4096, 50_000 })
                    {
                        byte[] content = [.. original];
                        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(12), kind);
                        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(20), flags);
                        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(104), pathLength);
                        TryEverything(name, content);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(SharedObjectKind.Mutex)]
    [InlineData(SharedObjectKind.Event)]
    [InlineData(SharedObjectKind.Semaphore)]
    public void The_path_of_a_backing_file_belongs_to_sections_alone(SharedObjectKind kind)
    {
        // Its length is checked where a section is, so in another kind it must not be believed.
        (string name, byte[] original) = _originals[(int)kind - 1];
        byte[] content = [.. original];
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(20), (uint)SegmentFlags.DiskFile);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(104), 60_000);
        using var forged = new ForgedObject(name, content);
        Scene.Refusal(FailureReason.Corrupt, () => SharedMemory.TryOpen(name, out _));
        Assert.Null(SharedObjects.Find(name));
    }

    [Theory]
    [InlineData(8, 2u, FailureReason.VersionMismatch)]
    [InlineData(16, 0x0080_0204u, FailureReason.VersionMismatch)]
    [InlineData(0, 0u, FailureReason.Corrupt)]
    [InlineData(12, 0u, FailureReason.Corrupt)]
    [InlineData(12, 7u, FailureReason.Corrupt)]
    [InlineData(12, 14u, FailureReason.Corrupt)]
    [InlineData(20, 0x100u, FailureReason.Corrupt)]
    [InlineData(24, 0u, FailureReason.Corrupt)]
    [InlineData(32, 0u, FailureReason.Corrupt)]
    [InlineData(32, 5_001u, FailureReason.Corrupt)]
    [InlineData(40, 5_001u, FailureReason.Corrupt)]
    [InlineData(52, 6u, FailureReason.Corrupt)]
    [InlineData(96, 785u, FailureReason.Corrupt)]
    [InlineData(96, 0x8000_0000u, FailureReason.Corrupt)]
    [InlineData(100, 65u, FailureReason.Corrupt)]
    [InlineData(68, 0x8000_0000u, FailureReason.Corrupt)]
    public void A_refusal_says_which_file_and_why(int field, uint value, FailureReason reason)
    {
        (string name, byte[] original) = _originals[0];
        byte[] content = [.. original];
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(field), value);
        using var forged = new ForgedObject(name, content);
        SharedObjectException refused = Scene.Refusal(reason, () => SharedMemory.Open(name));
        Assert.Equal(name, refused.ObjectName);
        Assert.Contains(forged.Path, refused.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(forged.Path));
    }

    [Fact]
    public void An_object_that_carries_another_name_is_not_the_one_that_was_asked_for()
    {
        (string name, byte[] original) = _originals[0];
        byte[] content = [.. original];
        content[128] ^= 1;
        using var forged = new ForgedObject(name, content);
        Scene.Refusal(FailureReason.Corrupt, () => SharedMemory.Open(name));
        Assert.Null(SharedObjects.Find(name));
        Assert.DoesNotContain(SharedObjects.List(), o => o.Kind == SharedObjectKind.Section && o.Name == Encoding.UTF8.GetString(content, 128, name.Length));
    }

    [Fact]
    public void A_backing_path_that_was_changed_leads_to_no_other_file()
    {
        (string name, byte[] original) = _originals[4];
        string secret = Path.Combine(Path.GetTempPath(), $"samepage-secret-{Guid.NewGuid():N}");
        File.WriteAllText(secret, new string('s', 10_000));
        try
        {
            foreach (string path in new[] { secret, "/dev/zero", "/proc/self/mem", "relative", "/", "/dev/null", "/nowhere/at/all", secret + "\0tail" })
            {
                byte[] content = [.. original];
                content.AsSpan(SegmentHeader.PathOffset, SegmentHeader.PathCapacity).Clear();
                byte[] bytes = Encoding.UTF8.GetBytes(path);
                bytes.CopyTo(content, SegmentHeader.PathOffset);
                BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(104), bytes.Length);
                using var forged = new ForgedObject(name, content);
                var refused = Assert.Throws<SharedObjectException>(() => SharedMemory.Open(name));
                Assert.Equal(name, refused.ObjectName);
            }
            Assert.Equal(new string('s', 10_000), File.ReadAllText(secret));
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Fact]
    public void A_backing_file_that_was_replaced_or_cut_is_noticed_at_opening()
    {
        string path = Path.Combine(Path.GetTempPath(), $"samepage-{Guid.NewGuid():N}");
        string name = Scene.NewName();
        File.WriteAllBytes(path, new byte[10_000]);
        try
        {
            using SharedMemory section = SharedMemory.CreateFromFile(path, name);
            File.Move(path, path + ".old");
            Scene.Refusal(FailureReason.NotFound, () => SharedMemory.Open(name));
            File.WriteAllBytes(path, new byte[10_000]);
            Assert.Contains("another in its place", Scene.Refusal(FailureReason.Corrupt, () => SharedMemory.Open(name)).Message, StringComparison.Ordinal);
            File.Delete(path);
            File.Move(path + ".old", path);
            SharedMemory.Open(name).Dispose();
            using (FileStream cut = File.OpenWrite(path))
                cut.SetLength(100);
            Assert.Contains("cut to 100", Scene.Refusal(FailureReason.Corrupt, () => SharedMemory.Open(name)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + ".old");
        }
    }

    /// <summary>Every operation there is on the name, whatever the file claims to be.</summary>
    private static void TryEverything(string name, byte[] content)
    {
        using var forged = new ForgedObject(name, content);
        foreach (MemoryAccess access in new[] { MemoryAccess.ReadWrite, MemoryAccess.Read })
        {
            Try(name, () =>
            {
                if (!SharedMemory.TryOpen(name, out SharedMemory? section, access))
                    return;
                using (section)
                {
                    Assert.Equal(name, section.Info.Name);
                    Assert.InRange(section.CommittedSize, 0, section.Size);
                    using MemoryView view = section.Map();
                    Assert.Equal(section.Size, view.Length);
                    long sum = 0;
                    foreach (byte b in view.ReadOnlySpan)
                        sum += b;
                    Assert.True(sum >= 0);
                    _ = view.Query();
                    _ = view.CommittedLength;
                }
            });
        }
        Try(name, () => Use(SharedMutex.TryOpen(name, out SharedMutex? m) ? m : null, static m => m.Release()));
        Try(name, () => Use(SharedEvent.TryOpen(name, out SharedEvent? e) ? e : null, static e => e.Set()));
        Try(name, () => Use(SharedEvent.TryOpen(name, out SharedEvent? e) ? e : null, static e => e.Reset()));
        Try(name, () => Use(SharedSemaphore.TryOpen(name, out SharedSemaphore? s) ? s : null, static s => s.Release()));
        Try(name, () => SharedMemory.Create(name, 4096).Dispose());
        SharedObjectInfo? found = SharedObjects.Find(name);
        if (found is not null)
        {
            Assert.Equal(name, found.Name);
            Assert.InRange(found.CommittedSize, 0, found.Size);
        }
        Assert.All(SharedObjects.List(), o => Assert.InRange(o.CommittedSize, 0, o.Size));
        _ = SharedObjects.FindOrphans();
        // Whoever is held alive, whatever is in it, is removed by nobody.
        Assert.True(File.Exists(forged.Path));
    }

    private static void Use<T>(T? awaited, Action<T> signal)
        where T : SharedWaitable
    {
        if (awaited is null)
            return;
        using (awaited)
        {
            _ = awaited.Info;
            Exception? first = Record.Exception(() => _ = awaited.Wait(TimeSpan.Zero));
            Exception? second = Record.Exception(() => signal(awaited));
            Exception? third = Record.Exception(() => _ = awaited.Wait(TimeSpan.FromMilliseconds(1)));
            // A mutex is given back: the word that says who owns it goes with this round.
            if (awaited is SharedMutex mutex)
                _ = Record.Exception(mutex.Release);
            foreach (Exception? e in new[] { first, second, third })
            {
                if (e is not (null or InvalidOperationException))
                    throw e;
            }
        }
    }

    private static void Try(string name, Action action)
    {
        try
        {
            action();
        }
        catch (SharedObjectException e)
        {
            Assert.True(e.ObjectName == name || e.Message.Contains(name, StringComparison.Ordinal), $"It does not say what it is about: {e.Message}");
        }
    }

    private static (string, byte[])[] MakeOriginals()
    {
        string start = $"spoiled-{Guid.NewGuid():N}";
        // Stays while the suite runs: its place on a disk, and so its identity, would be given to another file otherwise.
        string path = Path.Combine(Isolation.Root, start);
        File.WriteAllBytes(path, new byte[5_000]);
        using SharedMemory section = SharedMemory.Create(start + "s", 5_000);
        using SharedMutex mutex = SharedMutex.Create(start + "m");
        using SharedEvent signal = SharedEvent.Create(start + "e", EventResetMode.ManualReset, true);
        using SharedSemaphore semaphore = SharedSemaphore.Create(start + "p", 2, 5);
        using SharedMemory over = SharedMemory.CreateFromFile(path, start + "f");
        using SharedMemory reserved = SharedMemory.Create(start + "r", 200_000, new SharedMemoryOptions { Reserve = true, InitialCommit = 5_000 });
        return [.. new[] { "s", "m", "e", "p", "f", "r" }.Select(end => (start + end, Scene.FileOf(start + end)))];
    }
}
