using System.Runtime.InteropServices;
using Samepage.Channels;

namespace Samepage.Conformance.Cells;

/// <summary>Many who write and read at the same time.</summary>
public sealed class CellRaceTests
{
    private const int Rounds = 20_000;

    /// <summary>The number, its complement, and a number made of it: half of one and half of another do not fit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Checked
    {
        public long Number;
        public unsafe fixed long Rest[7];

        public static unsafe Checked Of(long number)
        {
            var value = new Checked { Number = number };
            for (int i = 0; i < 7; i++)
                value.Rest[i] = ~number * (i + 3);
            return value;
        }

        public readonly unsafe bool IsWhole
        {
            get
            {
                for (int i = 0; i < 7; i++)
                {
                    if (Rest[i] != ~Number * (i + 3))
                        return false;
                }
                return true;
            }
        }
    }

    [Fact]
    public void A_struct_is_never_torn_and_never_goes_back()
    {
        using Cell<Checked> cell = Cell<Checked>.Create(Expect.NewName());
        cell.Write(Checked.Of(0));
        Task<bool>[] writers = [.. Enumerable.Range(0, 2).Select(_ => Expect.Begin(() => Write(cell.Name)))];
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Expect.Begin(() => Read(cell.Name)))];
        Assert.All(writers, w => Assert.True(Expect.Result(w)));
        Assert.All(readers, r => Assert.True(Expect.Result(r) > 0));
        Assert.Equal(2 * Rounds, cell.Value.Number);

        static bool Write(string name)
        {
            using Cell<Checked> cell = Cell<Checked>.Open(name);
            for (int i = 0; i < Rounds; i++)
                _ = cell.Update(1, static (latest, step) => Checked.Of(latest.Number + step));
            return true;
        }

        static int Read(string name)
        {
            using Cell<Checked> cell = Cell<Checked>.Open(name);
            int reads = 0;
            for (long seen = 0; seen < 2 * Rounds; reads++)
            {
                Assert.True(cell.TryRead(out Checked value, out ulong number));
                Assert.True(value.IsWhole, $"torn at {value.Number}");
                Assert.Equal((long)number - 1, value.Number);
                Assert.True(value.Number >= seen, $"{value.Number} after {seen}");
                seen = value.Number;
            }
            return reads;
        }
    }

    [Fact]
    public void Bytes_of_changing_length_are_never_torn()
    {
        const int Longest = 200_000;
        // As few slots as can be: who is overtaken while copying finds another value in the slot.
        using Cell cell = Cell.Create(Expect.NewName(), new CellOptions { Capacity = Longest, MaxReaders = 4 });
        cell.Write([0]);
        Task<bool>[] readers = [.. Enumerable.Range(0, 3).Select(_ => Expect.Begin(() => Read(cell)))];
        var value = new byte[Longest];
        var random = new Random(1);
        for (int i = 1; i < Rounds / 4; i++)
        {
            // Mostly short ones, so that whoever reads a long one is overtaken many times.
            Span<byte> next = value.AsSpan(0, i % 50 == 0 ? Longest - random.Next(1_000) : random.Next(1, 100));
            next.Fill((byte)(next.Length % 251));
            cell.Write(next);
        }
        cell.Write([]);
        Assert.All(readers, r => Assert.True(Expect.Result(r)));

        static bool Read(Cell shared)
        {
            using Cell cell = Cell.Open(shared.Name);
            var room = new byte[Longest];
            ulong seen = 0;
            while (true)
            {
                Assert.True(cell.TryRead(room, out int length, out ulong number));
                if (number != 1)
                    Assert.Equal(-1, room.AsSpan(0, length).IndexOfAnyExcept((byte)(length % 251)));
                Assert.True(number >= seen, $"{number} after {seen}");
                seen = number;
                if (length == 0)
                    return true;
            }
        }
    }

    [Fact]
    public void Threads_share_a_handle()
    {
        using Cell<int> cell = Cell<int>.Create(Expect.NewName());
        Task<bool>[] all = [.. Enumerable.Range(0, 4).Select(_ => Expect.Begin(() =>
        {
            for (int i = 0; i < Rounds / 4; i++)
            {
                _ = cell.Update(static n => n + 1);
                Assert.True(cell.Value > i);
            }
            return true;
        }))];
        Assert.All(all, t => Assert.True(Expect.Result(t)));
        Assert.Equal((Rounds, (ulong)Rounds), (cell.Value, cell.ChangeNumber));
    }
}
