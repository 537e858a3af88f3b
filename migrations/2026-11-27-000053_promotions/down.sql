DROP TABLE touchpoints;
DROP TRIGGER redemptions_undo ON orders;
DROP FUNCTION redemptions_undo();
DROP TABLE redemptions, coupons, promotion_uses, promotions;
