namespace Samepage.Interop;

/// <summary>Sections shared with a Win32 program.</summary>
public sealed class SectionTests
{
    [Theory]
    [InlineData("")]
    [InlineData(@"Local\")]
    [InlineData(@"Global\")]
    public void A_section_made_in_C_is_opened_here(string prefix)
    {
        string name = prefix + Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("section");
        c.Do($"create {name} {4096} {Win32.ReadWrite}");
        c.Do($"map {0} {Win32.MapAll}");
        c.Do($"write {4092} {"A1B2C3D4"}");
        using SharedMemory section = SharedMemory.Open(name);
        using MemoryView view = section.Map();
        Assert.Equal((4096, 4096), (section.Size, view.Length));
        Assert.Equal(new byte[] { 0xA1, 0xB2, 0xC3, 0xD4 }, view.GetReadOnlySpan(4092, 4).ToArray());
        view.Span[0] = 0x77;
        Assert.Equal("77", c.Do($"read {0} {1}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(@"Local\")]
    [InlineData(@"Global\")]
    public void A_section_made_here_is_opened_in_C_and_its_first_byte_is_the_payloads(string prefix)
    {
        string name = prefix + Win32.NewName();
        using SharedMemory section = SharedMemory.Create(name, 10_000);
        using MemoryView view = section.Map();
        view.Span[0] = 0x5A;
        view.Span[9_999] = 0xA5;
        using ForeignProgram c = ForeignProgram.Start("section");
        c.Do($"open {name} {Win32.MapAll}");
        c.Do($"map {0} {Win32.MapAll}");
        // To the system a section has whole pages.
        Assert.Equal("12288", c.Do($"extent"));
        Assert.Equal("5A", c.Do($"read {0} {1}"));
        Assert.Equal("A5", c.Do($"read {9_999} {1}"));
        c.Do($"write {5_000} {"0102"}");
        Assert.Equal(new byte[] { 1, 2 }, view.GetReadOnlySpan(5_000, 2).ToArray());
    }

    [Fact]
    public void Who_comes_second_is_told_that_the_section_exists_on_either_side()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("section");
        Assert.Equal("0", c.Do($"create {name} {8192} {Win32.ReadWrite}"));
        using (SharedMemory second = SharedMemory.CreateOrOpen(name, 100, out bool created))
            Assert.Equal((false, 8192), (created, second.Size));
        Win32.Refusal(FailureReason.AlreadyExists, () => SharedMemory.Create(name, 100));
        using SharedMemory other = SharedMemory.Create(name + "x", 100);
        Assert.Equal($"{Win32.AlreadyExists}", c.Do($"create {name + "x"} {8192} {Win32.ReadWrite}"));
        Assert.Equal(100, other.Size);
    }

    [Fact]
    public void What_the_system_does_not_know_of_a_foreign_section_is_left_open()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("section");
        c.Do($"create {name} {100} {Win32.ReadWrite}");
        using SharedMemory section = SharedMemory.Open(name);
        SharedObjectInfo info = section.Info;
        Assert.Equal((name, 4096, 4096), (info.Name, info.Size, info.CommittedSize));
        Assert.Equal((MemoryAccess.ReadWrite, 0, "", default), (info.Protection, info.CreatorProcessId, info.CreatorProgram, info.Created));
        Assert.Contains(SharedObjects.List(), o => o.Name == name && o.Size == 4096);
    }

    [Fact]
    public void A_section_that_only_a_foreign_program_kept_alive_is_still_opened()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("section");
        using (SharedMemory section = SharedMemory.Create(name, 100))
        {
            c.Do($"open {name} {Win32.MapAll}");
            c.Do($"map {0} {Win32.MapAll}");
            c.Do($"write {99} {"42"}");
        }
        using (SharedMemory again = SharedMemory.Open(name))
        {
            using MemoryView view = again.Map();
            Assert.Equal((4096L, (byte)0x42), (again.Size, view.ReadOnlySpan[99]));
        }
        c.Kill();
        Assert.False(SharedMemory.Exists(name));
    }

    [Fact]
    public void A_view_here_keeps_the_name_for_a_foreign_program()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("section");
        MemoryView view;
        using (SharedMemory section = SharedMemory.Create(name, 4096))
            view = section.Map();
        view.Span[1] = 0x11;
        c.Do($"open {name} {Win32.MapRead}");
        c.Do($"map {0} {Win32.MapRead}");
        Assert.Equal("11", c.Do($"read {1} {1}"));
        c.Do($"unmap");
        c.Do($"close");
        view.Dispose();
        Assert.Equal(Win32.FileNotFound, c.Refused($"open {name} {Win32.MapRead}"));
    }

    [Theory]
    [InlineData(4097)]
    [InlineData(8192)]
    [InlineData(1L << 40)]
    public void A_C_program_that_maps_more_than_there_is_gets_nothing(long wrong)
    {
        string name = Win32.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        using ForeignProgram c = ForeignProgram.Start("section");
        c.Do($"open {name} {Win32.MapAll}");
        Assert.Equal(Win32.AccessDenied, c.Refused($"map {wrong} {Win32.MapAll}"));
        c.Do($"map {4096} {Win32.MapAll}");
    }

    [Fact]
    public void A_C_program_that_may_read_cannot_write()
    {
        string name = Win32.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096, new SharedMemoryOptions { Protection = MemoryAccess.Read });
        using ForeignProgram c = ForeignProgram.Start("section");
        c.Do($"open {name} {Win32.MapRead}");
        Assert.Equal(Win32.AccessDenied, c.Refused($"map {0} {Win32.MapAll}"));
        c.Do($"map {0} {Win32.MapRead}");
        c.Do($"unmap");
        c.Do($"map {0} {Win32.MapCopy}");
        c.Do($"write {0} {"FF"}");
        using MemoryView view = section.Map();
        Assert.Equal(0, view.ReadOnlySpan[0]);
    }

    [Fact]
    public void What_C_commits_of_its_reserved_section_is_there_here_and_the_other_way_round()
    {
        const int Unit = 65536;
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("section");
        c.Do($"reserve {name} {16 * Unit}");
        c.Do($"map {0} {Win32.MapAll}");
        using SharedMemory section = SharedMemory.Open(name);
        using MemoryView view = section.Map();
        Assert.Equal((16 * Unit, 0), (section.Size, section.CommittedSize));
        Win32.Refusal(FailureReason.OutOfRange, () => view.GetSpan(0, 1));
        c.Do($"commit {0} {Unit}");
        c.Do($"write {Unit - 1} {"C0"}");
        Assert.Equal(Unit, section.CommittedSize);
        Assert.Equal(0xC0, view.Span[Unit - 1]);
        section.Commit(2 * Unit);
        view.Span[(2 * Unit) - 1] = 0xD1;
        Assert.Equal("D1", c.Do($"read {(2 * Unit) - 1} {1}"));
    }

    [Fact]
    public void A_foreign_section_is_passed_on_like_any_other()
    {
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("section");
        c.Do($"create {name} {4096} {Win32.ReadWrite}");
        using SharedMemory section = SharedMemory.Open(name);
        using LentHandle offer = section.Offer();
        using SharedMemory taken = SharedMemory.OpenHandle(offer.Text);
        Assert.Equal((name, 4096), (taken.Name, taken.Size));
    }

    [Fact]
    public void A_companion_that_a_C_program_spoils_is_refused_and_the_field_is_named()
    {
        string name = Win32.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096);
        using ForeignProgram c = ForeignProgram.Start("section");
        c.Do($"open {name + " (samepage companion)"} {Win32.MapAll}");
        c.Do($"map {0} {Win32.MapAll}");
        c.Do($"write {24} {"FFFFFFFFFFFFFFFF"}");
        var refused = Assert.Throws<SharedObjectException>(() => SharedMemory.Open(name));
        Assert.Equal(FailureReason.Corrupt, refused.Reason);
        Assert.Contains("payload", refused.Message, StringComparison.Ordinal);
        // A size that could be, of pages that are not there, is no size of this section: the system's own counts.
        c.Do($"write {24} {"0000010000000000"}");
        c.Do($"write {32} {"0000000000000000"}");
        using SharedMemory opened = SharedMemory.Open(name);
        Assert.Equal(4096, opened.Size);
        Assert.Equal(4096, section.Size);
    }
}
