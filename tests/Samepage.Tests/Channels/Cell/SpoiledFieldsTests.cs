using FsCheck;
using FsCheck.Fluent;
using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Cells;

/// <summary>Values of clipboards and tables of atoms that no Samepage program wrote.</summary>
public sealed class SpoiledFieldsTests
{
    private static readonly Gen<byte[]> _bytes = Gen.OneOf(
        Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(),
        Gen.Elements(0L, 1, 2, 3, 8, 0xC000, 0xFFFF, 0x1_0000, -1, long.MinValue).ListOf().Select(l => l.SelectMany(BitConverter.GetBytes).ToArray()));

    [Fact]
    public void They_are_read_to_their_end_or_refused() => Prop.ForAll(_bytes.ToArbitrary(), bytes =>
    {
        string name = Scene.NewName();
        using (Cell raw = Cell.CreateOrOpen(name, "clipboard", new CellOptions { Capacity = 100_000 }))
        using (Clipboard clipboard = Clipboard.CreateOrOpen(name))
        {
            raw.Write(bytes.Take(100_000).ToArray());
            OrDamaged(name, () => _ = clipboard.Formats.Count + clipboard.OwnerProcessId);
            OrDamaged(name, () => clipboard.Get("", TimeSpan.Zero));
            OrDamaged(name, () => clipboard.Clear());
        }
        using (Cell raw = Cell.CreateOrOpen(name, "atoms", new CellOptions { Capacity = 100_000 }))
        using (AtomTable atoms = AtomTable.CreateOrOpen(name))
        {
            raw.Write(bytes.Take(100_000).ToArray());
            OrDamaged(name, () => atoms.TryGetName(0xC000, out _));
            OrDamaged(name, () => atoms.Add("x"));
        }
    }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(200));

    private static void OrDamaged(string name, Action action)
    {
        if (Record.Exception(action) is not { } thrown)
            return;
        var refused = Assert.IsType<SharedObjectException>(thrown);
        Assert.Equal((FailureReason.Corrupt, name), (refused.Reason, refused.ObjectName));
    }
}
