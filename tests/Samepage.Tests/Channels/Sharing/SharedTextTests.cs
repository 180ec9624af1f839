using System.Text;
using Samepage.Channels;

namespace Samepage.Tests.Channels.Sharing;

/// <summary>Text that somebody writes while it is read: it is this or that, or a mixture, and never a failure.</summary>
public sealed class SharedTextTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(10_000)]
    public void It_is_read_as_it_stands(int length)
    {
        byte[] text = Encoding.UTF8.GetBytes(new string('a', length));
        Assert.Equal(new string('a', length), SharedText.Decode(text));
        if (length >= 3)
        {
            "€"u8.CopyTo(text);
            Assert.Equal("€" + new string('a', length - 3), SharedText.Decode(text));
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(3_000)]
    public void It_may_change_its_length_in_characters_meanwhile(int length)
    {
        byte[] shared = new byte[length];
        byte[] few = Encoding.UTF8.GetBytes(new string('€', length / 3));
        byte[] many = Encoding.UTF8.GetBytes(new string('a', length));
        bool ends = false;
        var writer = new Thread(() =>
        {
            while (!Volatile.Read(ref ends))
            {
                few.CopyTo(shared, 0);
                many.CopyTo(shared, 0);
            }
        });
        writer.Start();
        try
        {
            for (int i = 0; i < 20_000; i++)
                Assert.InRange(SharedText.Decode(shared).Length, length / 3, length);
        }
        finally
        {
            Volatile.Write(ref ends, true);
            writer.Join();
        }
    }
}
