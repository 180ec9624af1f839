using System.Text;
using Samepage.Platform.Linux.Tethers;

namespace Samepage.Tests.Platform.Linux.Tethers;

public sealed class TetherNameTests
{
    [Theory]
    [InlineData(".tether-0000000000000001", 1, null, null, 0)]
    [InlineData(".tether-7fffffffffffffff", long.MaxValue, null, null, 0)]
    [InlineData(".tether-00c0ffee00c0ffee-1f-8de2a1b3c4d5e6f-4711", 0x00C0FFEE00C0FFEE, 0x1FL, 0x8DE2A1B3C4D5E6FL, 4711)]
    public void What_is_written_is_read(string text, long id, long? inode, long? created, int process)
    {
        ObjectIdentity? of = inode is { } number ? new ObjectIdentity((ulong)number, created!.Value) : null;
        var name = new TetherName(id, of, process);
        Assert.Equal(text, name.ToString());
        Assert.Equal(text + '\0', Encoding.ASCII.GetString(name.Encode()));
        Assert.True(TetherName.TryParse(text, out TetherName read));
        Assert.Equal(name, read);
        Assert.True(TetherName.IsNameOf(name.Encode()));
    }

    [Theory]
    [InlineData("tether-0000000000000001")]
    [InlineData(".tether-")]
    [InlineData(".tether-1")]
    [InlineData(".tether-000000000000000g")]
    [InlineData(".tether-00000000000000001")]
    [InlineData(".tether-000000000000000A")]
    [InlineData(".tether-0000000000000001-1f")]
    [InlineData(".tether-0000000000000001-1f-2-x")]
    [InlineData(".tether-0000000000000001-1f-2--3")]
    [InlineData(".tether-0000000000000001-01f-2-3")]
    [InlineData(".tether-0000000000000001-1f-2-03")]
    [InlineData(".tether-0000000000000001-1f-2-3-4")]
    [InlineData(".tether-0000000000000001-1f-2-99999999999")]
    [InlineData(".tether-0000000000000001 ")]
    public void Nothing_else_is(string text)
    {
        Assert.False(TetherName.TryParse(text, out _));
        Assert.False(TetherName.IsNameOf(Encoding.UTF8.GetBytes(text + '\0')));
    }

    [Fact]
    public void New_ones_differ()
    {
        TetherName[] names = [.. Enumerable.Range(0, 1000).Select(_ => TetherName.New(new ObjectIdentity(1, 2)))];
        Assert.Equal(names.Length, names.Select(n => n.Id).Distinct().Count());
        Assert.All(names, n => Assert.InRange(n.Id, 1, long.MaxValue));
        Assert.All(names, n => Assert.Equal(Environment.ProcessId, n.ProcessId));
        Assert.Equal(0, TetherName.New(null).ProcessId);
    }
}
