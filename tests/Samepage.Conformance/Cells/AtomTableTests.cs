using Samepage.Channels;

namespace Samepage.Conformance.Cells;

/// <summary>Strings as numbers.</summary>
public sealed class AtomTableTests
{
    [Fact]
    public void W44_A_string_has_one_number_for_everybody()
    {
        using AtomTable table = AtomTable.CreateOrOpen(Expect.NewName()), other = AtomTable.CreateOrOpen(table.Name);
        Assert.False(other.TryFind("Topic", out ushort atom));
        Assert.Equal(0, atom);
        ushort topic = table.Add("Topic"), second = other.Add("Second");
        Assert.InRange(topic, (ushort)0xC000, ushort.MaxValue);
        Assert.NotEqual(topic, second);
        Assert.True(other.TryFind("TOPIC", out atom));
        Assert.Equal(topic, atom);
        Assert.True(other.TryGetName(topic, out string? name));
        Assert.Equal("Topic", name);
        Assert.False(other.TryGetName((ushort)(second + 1), out _));
        Assert.False(other.TryGetName(0, out _));
    }

    [Fact]
    public void W44_It_is_there_until_it_was_deleted_as_often_as_added()
    {
        using AtomTable table = AtomTable.CreateOrOpen(Expect.NewName()), other = AtomTable.CreateOrOpen(table.Name);
        ushort atom = table.Add("word");
        Assert.Equal(atom, other.Add("WORD"));
        Assert.True(table.Delete(atom));
        Assert.True(other.TryGetName(atom, out string? name));
        Assert.Equal("word", name);
        Assert.True(table.Delete(atom));
        Assert.False(other.TryGetName(atom, out _));
        Assert.False(other.TryFind("word", out _));
        Assert.False(table.Delete(atom));
        Assert.False(table.Delete(0));
        Assert.Equal(atom, other.Add("next"));
    }

    [Fact]
    public void W44_Numbers_below_C000_are_atoms_of_themselves()
    {
        using AtomTable table = AtomTable.CreateOrOpen(Expect.NewName());
        Assert.Equal(123, table.Add("#123"));
        Assert.Equal(0xBFFF, table.Add("#49151"));
        Assert.True(table.TryFind("#0007", out ushort atom));
        Assert.Equal(7, atom);
        Assert.True(table.TryGetName(123, out string? name));
        Assert.Equal("#123", name);
        Assert.True(table.Delete(123));
        Assert.True(table.TryGetName(123, out _));
        foreach (string none in new[] { "#0", "#49152", "#99999999999999", "" })
            Assert.ThrowsAny<ArgumentException>(() => table.Add(none));
        Assert.InRange(table.Add("#12a"), (ushort)0xC000, ushort.MaxValue);
        Assert.InRange(table.Add("#"), (ushort)0xC000, ushort.MaxValue);
    }

    [Fact]
    public void W44_Strings_have_255_characters_at_most()
    {
        using AtomTable table = AtomTable.CreateOrOpen(Expect.NewName(), capacity: 2_000);
        ushort atom = table.Add(new string('x', 255));
        Assert.True(table.TryGetName(atom, out string? name));
        Assert.Equal(255, name.Length);
        Assert.Throws<ArgumentException>(() => table.Add(new string('x', 256)));
        Assert.Throws<ArgumentException>(() => table.TryFind(new string('x', 256), out _));
        for (int i = 0; i < 2; i++)
            table.Add(new string((char)('a' + i), 255));
        Assert.Equal(FailureReason.LimitReached, Assert.Throws<SharedObjectException>(() => table.Add(new string('z', 255))).Reason);
        Assert.Equal(atom, table.Add(new string('x', 255)));
    }
}
