namespace Samepage.Conformance;

/// <summary>Views: where they begin, how long they are, how long they last, where they lie: W13 and W14.</summary>
public sealed class ViewTests
{
    private const int Unit = 65536;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(4095, 2)]
    [InlineData(4096, 4096)]
    [InlineData(65535, 2)]
    [InlineData(65536, 100)]
    [InlineData(70001, 65537)]
    [InlineData(299_999, 1)]
    public void W13_A_view_begins_at_any_offset_and_has_any_length(long offset, long length)
    {
        using SharedMemory section = SharedMemory.Create(Expect.NewName(), 300_000);
        using MemoryView whole = section.Map();
        for (int i = 0; i < 300_000; i++)
            whole.Span[i] = (byte)(i * 31 >> 3);
        using MemoryView view = section.Map(offset, length);
        Assert.Equal((offset, length), (view.Offset, view.Length));
        Assert.True(view.ReadOnlySpan.SequenceEqual(whole.GetReadOnlySpan(offset, (int)length)));
        view.Span[^1] ^= 0xFF;
        Assert.Equal(view.Span[^1], whole.Span[(int)(offset + length - 1)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_537)]
    [InlineData(299_999)]
    public void W13_Length_0_is_all_up_to_the_end(long offset)
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(300_000);
        using MemoryView view = section.Map(offset);
        Assert.Equal(300_000 - offset, view.Length);
    }

    [Fact]
    public void W13_A_view_outside_the_section_is_refused_with_1132()
    {
        using SharedMemory section = SharedMemory.Create(Expect.NewName(), 10_000);
        foreach ((long offset, long length) in new[]
                 { (10_000L, 0L), (10_000L, 1L), (0L, 10_001L), (9_999L, 2L), (long.MaxValue, 1L), (1L, long.MaxValue), (5_000L, 5_001L) })
        {
            SharedObjectException refused = Expect.Refusal(FailureReason.OutOfRange, 1132, () => section.Map(offset, length));
            Assert.Equal(section.Name, refused.ObjectName);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => section.Map(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => section.Map(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => section.Map(0, 0, (MemoryAccess)77));
    }

    [Fact]
    public void W13_Nothing_outside_the_view_is_reached()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(10_000);
        using MemoryView view = section.Map(100, 1_000);
        foreach ((long offset, int length) in new[] { (1_000L, 1), (0L, 1_001), (999L, 2), (long.MaxValue, 1), (1L, int.MaxValue) })
        {
            Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetSpan(offset, length));
            Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetReadOnlySpan(offset, length));
            Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetMemory(offset, length));
        }
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetSpan<long>(0, 126));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetSpan<long>(0, int.MaxValue));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetReference<long>(993));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.GetSpan(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.GetSpan(0, -1));
        Assert.Equal(0, view.GetSpan(1_000, 0).Length);
        Assert.Equal(125, view.GetSpan<long>(0, 125).Length);
    }

    [Fact]
    public void W13_Several_views_of_one_section_show_the_same_bytes()
    {
        using SharedMemory section = SharedMemory.Create(Expect.NewName(), 4 * Unit);
        MemoryView[] views = [.. Enumerable.Range(0, 20).Select(i => section.Map(i * 1_001))];
        views[3].GetReference<long>(100_000 - (3 * 1_001)) = 0x1122334455667788;
        foreach (MemoryView view in views)
            Assert.Equal(0x1122334455667788, view.GetReadOnlyReference<long>(100_000 - view.Offset));
        foreach (MemoryView view in views)
            view.Dispose();
    }

    [Fact]
    public void W13_A_view_outlives_the_handle_it_came_from()
    {
        string name = Expect.NewName();
        MemoryView view;
        using (SharedMemory section = SharedMemory.Create(name, 3 * Unit))
            view = section.Map(5);
        using (view)
        {
            view.Span[7] = 7;
            Assert.Equal(name, view.SectionName);
            view.Flush();
            view.Prefetch();
            view.Protect(Unit, Unit, MemoryAccess.Read);
            view.Protect(Unit, Unit, MemoryAccess.ReadWrite);
            Assert.Equal(MemoryAccess.ReadWrite, view.Query(Unit).Access);
            using SharedMemory again = SharedMemory.Open(name);
            using MemoryView other = again.Map();
            Assert.Equal(7, other.Span[12]);
        }
        Assert.False(SharedMemory.Exists(name));
    }

    [Fact]
    public void W13_A_view_of_a_reserved_section_outlives_its_handle_and_goes_on_growing()
    {
        string name = Expect.NewName();
        MemoryView view;
        using (SharedMemory section = SharedMemory.Create(name, 8 * Unit, new SharedMemoryOptions { Reserve = true, InitialCommit = Unit }))
            view = section.Map();
        using (view)
        {
            Assert.Equal(Unit, view.CommittedLength);
            view.Span[0] = 1;
            Assert.True(view.Query(0).IsCommitted);
            using SharedMemory again = SharedMemory.Open(name);
            again.Commit(2 * Unit);
            view.Span[(2 * Unit) - 1] = 2;
            Assert.Equal(2 * Unit, view.Query(0).Length);
            Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetSpan(2 * Unit, 1));
        }
    }

    [Fact]
    public void W13_A_refusal_of_a_view_names_its_section_after_the_handle_was_closed()
    {
        string name = Expect.NewName();
        MemoryView view;
        using (SharedMemory section = SharedMemory.Create(name, Unit))
            view = section.Map();
        using (view)
        {
            SharedObjectException refused = Expect.Refusal(FailureReason.OutOfRange, 1132, () => view.GetSpan(Unit, 1));
            Assert.Equal(name, refused.ObjectName);
        }
    }

    [Fact]
    public void W13_A_view_that_was_unmapped_refuses_its_use()
    {
        SharedMemory section = SharedMemory.CreateAnonymous(Unit);
        MemoryView view = section.Map();
        view.Dispose();
        view.Dispose();
        Assert.Throws<ObjectDisposedException>(() => view.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => view.ReadOnlySpan.Length);
        Assert.Throws<ObjectDisposedException>(() => view.GetSpan(0, 1));
        Assert.Throws<ObjectDisposedException>(() => view.Address);
        Assert.Throws<ObjectDisposedException>(() => view.Flush());
        Assert.Throws<ObjectDisposedException>(() => view.Query());
        section.Dispose();
        section.Dispose();
        Assert.Throws<ObjectDisposedException>(() => section.Map());
        Assert.Throws<ObjectDisposedException>(() => section.Size);
    }

    [Fact]
    public void W14_A_view_lies_at_the_wished_address_when_that_is_free()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4 * Unit);
        using MemoryView view = MapWhereItIsFree(section, 2 * Unit, (address, length) => section.Map(0, length, null, address));
        view.Span[0] = 1;
        Assert.Equal(1, view.Span[0]);
    }

    [Fact]
    public void W14_A_wished_address_that_is_taken_fails_with_487_and_leaves_what_is_there()
    {
        using SharedMemory section = SharedMemory.Create(Expect.NewName(), 4 * Unit);
        using MemoryView view = section.Map();
        view.Span.Fill(8);
        SharedObjectException refused = Expect.Refusal(FailureReason.AddressInUse, 487, () => section.Map(0, 0, null, view.Address));
        Assert.Equal(section.Name, refused.ObjectName);
        // Also when only its end is in the way.
        Expect.Refusal(FailureReason.AddressInUse, 487, () => section.Map(0, 2 * Unit, null, view.Address + (3 * Unit)));
        Assert.Equal(-1, view.Span.IndexOfAnyExcept((byte)8));
    }

    [Fact]
    public void W14_A_wished_address_that_does_not_fit_the_offset_is_refused()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4 * Unit);
        nint free;
        using (MemoryView view = section.Map())
            free = view.Address;
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => section.Map(0, 0, null, free + 1));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => section.Map(1, 0, null, free));
    }

    [Fact]
    public void W14_A_wished_address_that_no_process_has_is_a_clear_error()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4 * Unit);
        Expect.Refusal(FailureReason.AddressInUse, 487, () => section.Map(0, 0, null, unchecked((nint)0xFFFF_8000_0000_0000)));
    }

    [Fact]
    public void W14_Two_views_back_to_back_are_one_ring()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(Unit);
        MemoryView? second = null;
        using MemoryView first = MapWhereItIsFree(section, 2 * Unit, (address, _) =>
        {
            MemoryView lower = section.Map(0, Unit, null, address);
            try
            {
                second = section.Map(0, Unit, null, address + Unit);
                return lower;
            }
            catch
            {
                lower.Dispose();
                throw;
            }
        });
        using MemoryView upper = second!;
        unsafe
        {
            // Eight bytes across the seam: what runs over the end stands at the start.
            *(ulong*)(first.Address + Unit - 4) = 0x8877665544332211;
        }
        Assert.Equal(0x88776655u, first.GetReadOnlyReference<uint>(0));
        Assert.Equal(0x44332211u, upper.GetReadOnlyReference<uint>(Unit - 4));
    }

    [Fact]
    public void W14_A_mirrored_view_is_a_range_twice_without_a_seam()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(3 * Unit);
        using MemoryView ring = section.MapMirrored(Unit, Unit);
        using MemoryView plain = section.Map(Unit, Unit);
        Assert.Equal((2 * Unit, Unit), (ring.Length, plain.Length));
        ring.GetReference<ulong>(Unit - 4) = 0x8877665544332211;
        Assert.Equal(0x44332211u, plain.GetReadOnlyReference<uint>(Unit - 4));
        Assert.Equal(0x88776655u, plain.GetReadOnlyReference<uint>(0));
        ring.GetSpan(Unit - 100, 200).Fill(7);
        Assert.Equal(200, plain.ReadOnlySpan.Count((byte)7));
        plain.Span[3] = 9;
        Assert.Equal((9, 9), (ring.ReadOnlySpan[3], ring.ReadOnlySpan[Unit + 3]));
    }

    [Fact]
    public void W14_What_is_asked_of_a_mirrored_view_may_run_over_its_middle()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(2 * Unit);
        using MemoryView ring = section.MapMirrored();
        ring.Prefetch(0, 4 * Unit);
        ring.Flush(2 * Unit - 10, 20);
        ring.Lock(2 * Unit - 10, 20);
        ring.Unlock(2 * Unit - 10, 20);
        ring.Protect(Unit, 2 * Unit, MemoryAccess.Read);
        Assert.Equal(MemoryAccess.ReadWrite, ring.Query(0).Access);
        Assert.Equal(MemoryAccess.Read, ring.Query(Unit).Access);
        MemoryRegion above = ring.Query(2 * Unit);
        Assert.Equal((2 * Unit, Unit, MemoryAccess.Read), (above.Offset, above.Length, above.Access));
        Assert.Equal(ring.Address + (2 * Unit), above.Address);
        Assert.Equal(MemoryAccess.ReadWrite, ring.Query(4 * Unit - 1).Access);
    }

    [Fact]
    public void W14_What_cannot_be_mirrored_is_refused()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(2 * Unit);
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => section.MapMirrored(1));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => section.MapMirrored(0, Unit + 4096));
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => section.MapMirrored(Unit, 2 * Unit));
        Assert.Throws<ArgumentException>(() => section.MapMirrored(0, 0, MemoryAccess.CopyOnWrite));
        using SharedMemory reserved = SharedMemory.CreateAnonymous(2 * Unit, new SharedMemoryOptions { Reserve = true, InitialCommit = Unit });
        Expect.Refusal(FailureReason.OutOfRange, 1132, () => reserved.MapMirrored());
        reserved.Commit(2 * Unit);
        using MemoryView ring = reserved.MapMirrored();
        Assert.Equal(4 * Unit, ring.Span.Length);
    }

    [Fact]
    public void W14_Threads_that_mirror_at_the_same_time_do_not_get_into_each_others_way()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(Unit);
        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < 200; i++)
            {
                using MemoryView ring = section.MapMirrored();
                ring.GetReference<int>(Unit) = i;
            }
        });
        using MemoryView plain = section.Map();
        Assert.Equal(199, plain.GetReadOnlyReference<int>(0));
    }

    /// <summary>Finds a free stretch by mapping one and letting go of it; another thread may take it meanwhile, and then another is tried.</summary>
    private static MemoryView MapWhereItIsFree(SharedMemory section, int length, Func<nint, int, MemoryView> map)
    {
        using SharedMemory probe = SharedMemory.CreateAnonymous(length);
        for (int attempt = 0; ; attempt++)
        {
            nint address;
            using (MemoryView free = probe.Map())
                address = free.Address;
            try
            {
                MemoryView view = map(address, length);
                Assert.Equal(address, view.Address);
                return view;
            }
            catch (SharedObjectException e) when (e.Reason == FailureReason.AddressInUse && attempt < 100)
            {
                // Taken meanwhile.
            }
        }
    }
}
